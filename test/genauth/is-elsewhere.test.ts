import { expect, it } from 'vitest'
import { contradicts } from '../../src/genauth/endpoints/contradicts.ts'
import type { GenAuthUser } from '../../src/genauth/endpoints/genauth-user.ts'
import { isElsewhere } from '../../src/genauth/endpoints/is-elsewhere.ts'

type Row = [
  phone: string,
  what: string,
  shown: Partial<GenAuthUser>,
  result: 'found' | 'elsewhere' | 'contradicted',
]

it.each<Row>([
  ['+8613800000001', 'the number and its code', { phone: '13800000001', phoneCountryCode: '+86' }, 'found'],
  ['+8613800000001', 'a code without +', { phone: '13800000001', phoneCountryCode: '86' }, 'found'],
  ['+8613800000001', 'a code with 00', { phone: '13800000001', phoneCountryCode: '0086' }, 'found'],
  ['+8613800000001', 'another code', { phone: '13800000001', phoneCountryCode: '+44' }, 'elsewhere'],
  [
    '+8613800000001',
    'a code that begins like it',
    { phone: '13800000001', phoneCountryCode: '+8' },
    'elsewhere',
  ],
  ['+8613800000001', 'no code', { phone: '13800000001' }, 'elsewhere'],
  ['+8613800000001', 'an empty code', { phone: '13800000001', phoneCountryCode: '' }, 'elsewhere'],
  ['+8613800000001', 'nothing', {}, 'elsewhere'],
  ['+8613800000001', 'the code alone', { phoneCountryCode: '+86' }, 'found'],
  ['+8613800000001', 'a whole number', { phone: '+8613800000001' }, 'found'],
  ['+8613800000001', 'a whole number with 00', { phone: '008613800000001', phoneCountryCode: null }, 'found'],
  ['+8613800000001', 'a whole number without +', { phone: '8613800000001' }, 'found'],
  [
    '+8613800000001',
    'a whole number and its code',
    { phone: '8613800000001', phoneCountryCode: '+86' },
    'found',
  ],
  [
    '+8613800000001',
    'a whole number and another code',
    { phone: '+8613800000001', phoneCountryCode: '+1' },
    'found',
  ],
  [
    '+8613800000001',
    'a whole number of another country',
    { phone: '+4413800000001', phoneCountryCode: '+86' },
    'elsewhere',
  ],
  [
    '+8613800000001',
    'a masked number and its code',
    { phone: '138****0001', phoneCountryCode: '+86' },
    'found',
  ],
  [
    '+8613800000001',
    'a masked number and another code',
    { phone: '138****0001', phoneCountryCode: '+1' },
    'elsewhere',
  ],
  ['+8613800000001', 'a masked number without a code', { phone: '138****0001' }, 'elsewhere'],
  ['+8613800000001', 'a masked whole number', { phone: '+86****0001' }, 'found'],
  ['+8613800000001', 'a masked whole number of another country', { phone: '+44****0001' }, 'elsewhere'],
  ['+8613800000001', 'a number all masked', { phone: '***********', phoneCountryCode: '+86' }, 'found'],
  ['+8613800000001', 'another masked end', { phone: '138****0002', phoneCountryCode: '+86' }, 'contradicted'],
  [
    '+8613800000021',
    'a masked end with zeros',
    { phone: '138****0001', phoneCountryCode: '+86' },
    'contradicted',
  ],
  [
    '+8613900000001',
    'another masked beginning',
    { phone: '138****0001', phoneCountryCode: '+86' },
    'contradicted',
  ],
  ['+8613800000001', 'another number', { phone: '13800000002', phoneCountryCode: '+86' }, 'contradicted'],
  ['+390612345678', 'Italy’s zero', { phone: '0612345678', phoneCountryCode: '+39' }, 'found'],
  ['+390612345678', 'Italy’s zero, masked', { phone: '061****678', phoneCountryCode: '+39' }, 'found'],
  ['+390612345678', 'no zero in Italy', { phone: '612345678', phoneCountryCode: '+39' }, 'contradicted'],
  ['+447700900001', 'a zero that is dialled', { phone: '07700900001', phoneCountryCode: '+44' }, 'found'],
  ['+12684601234', 'the code that countries share', { phone: '2684601234', phoneCountryCode: '+1' }, 'found'],
  ['+12684601234', 'that code with the area', { phone: '4601234', phoneCountryCode: '+1-268' }, 'found'],
  [
    '13800000001',
    'any code, where none was asked',
    { phone: '13800000001', phoneCountryCode: '+44' },
    'found',
  ],
])('%s, answered with %s: %j is %s', (userId, _what, changes, expected) => {
  const user = { userId: '65b000000000000000000001', ...changes }
  const asked = { userId, userIdType: 'PHONE' } as const
  const result = isElsewhere(user, asked) ? 'elsewhere' : contradicts(user, asked) ? 'contradicted' : 'found'
  expect(result).toBe(expected)
})
