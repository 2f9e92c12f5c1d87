import { expect, it } from 'vitest'
import { contradicts } from '../../src/genauth/endpoints/contradicts.ts'
import type { GenAuthUser } from '../../src/genauth/endpoints/genauth-user.ts'
import type { UserIdType } from '../../src/mfa/user-ref.ts'

type Row = [UserIdType, string, Partial<GenAuthUser>, boolean]

it.each<Row>([
  ['PHONE', '13800000001', { phone: '13800000001' }, false],
  ['PHONE', '138-0000 0001', { phone: '13800000001' }, false],
  ['PHONE', '１３８00000001', { phone: '13800000001' }, false],
  ['PHONE', '+8613800000001', { phone: '13800000001', phoneCountryCode: '+86' }, false],
  ['PHONE', '008613800000001', { phone: '13800000001', phoneCountryCode: '86' }, false],
  ['PHONE', '+8613800000001', { phone: '13800000001' }, false],
  ['PHONE', '13800000001', { phone: '+8613800000001' }, false],
  ['PHONE', '07700900123', { phone: '7700900123', phoneCountryCode: '+44' }, false],
  ['PHONE', '13800000001', { phone: '138****0001' }, false],
  ['PHONE', '13800000001', { phone: '138****0002' }, true],
  ['PHONE', '+8613800000001', { phone: '*******0001' }, false],
  ['PHONE', '13800000001', { phone: '***********' }, false],
  ['PHONE', '+13800000001', { phone: '13800000001', phoneCountryCode: '+86' }, true],
  ['PHONE', '+13800000001', { phone: '13800000001', phoneCountryCode: '+1' }, false],
  ['PHONE', '+8613800000001', { phone: '8613800000001', phoneCountryCode: '+86' }, false],
  ['PHONE', '13800000001', { phone: null }, false],
  ['PHONE', '13800000001', { phone: '' }, false],
  ['PHONE', '13800000001', {}, false],
  ['PHONE', '13800000001', { phone: '13800000002' }, true],
  ['PHONE', '13800000001', { phone: '3800000001' }, true],
  ['PHONE', '3800000001', { phone: '13800000001' }, true],
  ['PHONE', '+4413800000001', { phone: '13800000001', phoneCountryCode: '+86' }, true],
  ['PHONE', '13800000001', { phone: '+12345613800000001' }, true],
  ['PHONE', '13800000001', { phone: 'none' }, true],
  ['EMAIL', 'ADA@example.com', { email: 'ada@example.com' }, false],
  ['EMAIL', 'ａda@example.com', { email: 'ada@example.com' }, false],
  ['EMAIL', 'ada@example.com', { email: 'a***@example.com' }, false],
  ['EMAIL', 'ada@example.com', { email: 'a***@EXAMPLE.org' }, true],
  ['EMAIL', 'ada@example.com', { email: 'e***@example.com' }, true],
  ['EMAIL', 'ada@example.com', { email: 'eve@example.com' }, true],
  ['EMAIL', 'ada@example.com', { email: 'ada@example.com.evil.org' }, true],
  ['USERNAME', 'Ada', { username: 'ada' }, false],
  ['USERNAME', 'ada*', { username: 'ada*' }, false],
  ['USERNAME', 'ada', {}, false],
  ['USERNAME', 'ada', { username: 'eve' }, true],
  ['EXTERNAL_ID', 'emp-1', { externalId: 'emp-1' }, false],
  ['EXTERNAL_ID', 'emp-1', { externalId: 'emp-01' }, true],
  ['IDENTITY', 'source:ou:1', { identities: [{ extIdpId: 'source', userIdInIdp: 'ou:1' }] }, false],
  ['IDENTITY', 'source:ou:1', { identities: [{ extIdpId: 'other', userIdInIdp: 'ou:1' }] }, true],
  ['IDENTITY', 'source:ou:1', { identities: [{ extIdpId: 'source', userIdInIdp: 'ou****' }] }, false],
  ['IDENTITY', 'source:ou_1', { identities: [] }, false],
  ['IDENTITY', 'source:ou_1', { identities: [{ extIdpId: 'source', userIdInIdp: 'ou_2' }] }, true],
  ['USER_ID', '65b000000000000000000001', {}, false],
  ['USER_ID', '65b000000000000000000002', {}, true],
  ['SYNC_RELATION', 'lark:ou_ada', { username: 'eve' }, false],
  ['CUSTOM_FIELD', 'badge:1', { username: 'eve' }, false],
])('%s %s, answered with %j: another one is %s', (userIdType, userId, changes, isOther) => {
  const user = { userId: '65b000000000000000000001', ...changes }
  expect(contradicts(user, { userId, userIdType })).toBe(isOther)
})
