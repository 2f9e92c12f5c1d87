import { expect, it } from 'vitest'
import { diffContacts } from '../../src/mfa/contact-change.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'

const STATE: MfaState = {
  ...EMPTY_MFA_STATE,
  mfaPhone: '13800000001',
  mfaPhoneCountryCode: '+86',
  mfaEmail: 'ada@example.com',
  phone: '13800000002',
}

it.each<[string, Partial<MfaState>, ReturnType<typeof diffContacts>]>([
  ['nothing', {}, []],
  [
    'another phone',
    { mfaPhone: '13900000009' },
    [{ field: 'PHONE', before: '138****0001', after: '139****0009' }],
  ],
  [
    'another one that looks the same',
    { mfaPhone: '13811110001' },
    [{ field: 'PHONE', before: '138****0001', after: '138****0001' }],
  ],
  [
    'another country code, in full',
    { mfaPhoneCountryCode: '+1' },
    [{ field: 'PHONE_COUNTRY_CODE', before: '+86', after: '+1' }],
  ],
  ['no address', { mfaEmail: null }, [{ field: 'EMAIL', before: 'a***@example.com', after: null }]],
  [
    'an address in capitals',
    { mfaEmail: 'Ada@example.com' },
    [{ field: 'EMAIL', before: 'a***@example.com', after: 'A***@example.com' }],
  ],
  ['none of the account', { phone: '' }, [{ field: 'ACCOUNT_PHONE', before: '138****0002', after: null }]],
  [
    'a first one',
    { phoneCountryCode: '+86' },
    [{ field: 'ACCOUNT_PHONE_COUNTRY_CODE', before: null, after: '+86' }],
  ],
  ['an empty one where none is', { phoneCountryCode: '' }, []],
  ['what is no contact', { nickname: 'n', totpMfaEnabled: true, factors: [] }, []],
])('the contacts that differ, with %s', (_what, changes, expected) => {
  expect(diffContacts(STATE, { ...STATE, ...changes })).toEqual(expected)
})
