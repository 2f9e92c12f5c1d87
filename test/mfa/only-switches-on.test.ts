import { expect, it } from 'vitest'
import { mergeMfaState, toFactorChange } from '../../src/mfa/merge.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'
import { onlySwitchesOn } from '../../src/mfa/only-switches-on.ts'
import type { FactorChangeInput, MfaFieldChange } from '../../src/mfa/user-change.ts'

const factor = (code: string, sort: number, enabled = true) => ({ code, sort, enabled })
/** SMS first, EMAIL off behind it, OTP on, and one that this version does not know. */
const BEFORE: MfaState = {
  ...EMPTY_MFA_STATE,
  mfaPhone: '1',
  mfaPhoneCountryCode: '+86',
  totpMfaEnabled: true,
  phone: '2',
  factors: [factor('SMS', 0), factor('EMAIL', 1, false), factor('OTP', 2), factor('PASSKEY', 3)],
}
const NONE_ON: MfaState = { ...BEFORE, factors: [factor('SMS', 0, false), factor('OTP', 1, false)] }
const EMAIL_FIRST: MfaState = { ...BEFORE, factors: [factor('EMAIL', 0, false), factor('SMS', 1)] }

const SMS = { type: 'SMS', enabled: true } as const
const EMAIL = { type: 'EMAIL', enabled: true } as const
const OTP = { type: 'OTP', enabled: true } as const
const FACE = { type: 'FACE', enabled: true } as const
const off = <T extends object>(setting: T) => ({ ...setting, enabled: false })
const AS_IT_IS = [SMS, off(EMAIL), OTP]

it.each<[string, FactorChangeInput, MfaFieldChange, MfaState, boolean]>([
  ['a factor that is off', { enable: ['EMAIL'] }, {}, BEFORE, true],
  ['a factor that is not listed', { enable: ['FACE'] }, {}, BEFORE, true],
  ['a factor that is on', { enable: ['OTP'] }, {}, BEFORE, true],
  ['several factors', { enable: ['FACE', 'EMAIL'] }, {}, BEFORE, true],
  ['a factor that has the first place, which goes last', { enable: ['EMAIL'] }, {}, EMAIL_FIRST, true],
  ['the first factor of all', { enable: ['OTP'] }, {}, NONE_ON, true],
  ['a factor in its place, by a list', { factors: [SMS, EMAIL, OTP] }, {}, BEFORE, true],
  ['a factor behind the others, by a list', { factors: [...AS_IT_IS, FACE] }, {}, BEFORE, true],
  ['a factor, while a list leaves out one that is off', { factors: [SMS, OTP, FACE] }, {}, BEFORE, true],
  ['the first factor of all, by a list', { factors: [OTP, SMS] }, {}, NONE_ON, true],
  ['a factor together with a name', { enable: ['EMAIL'] }, { nickname: 'm' }, BEFORE, true],

  ['a factor and another one off', { enable: ['EMAIL'], disable: ['OTP'] }, {}, BEFORE, false],
  ['a factor and another one off that is off', { enable: ['FACE'], disable: ['EMAIL'] }, {}, BEFORE, false],
  ['a factor in the first place, by a list', { factors: [FACE, ...AS_IT_IS] }, {}, BEFORE, false],
  ['the factor of the first place, by a list', { factors: [EMAIL, SMS] }, {}, EMAIL_FIRST, false],
  ['a factor, while two others change places', { factors: [OTP, SMS, EMAIL] }, {}, BEFORE, false],
  ['a factor, while another one is listed', { factors: [SMS, EMAIL, OTP, off(FACE)] }, {}, BEFORE, false],
  ['a factor, while another one is off', { factors: [SMS, EMAIL, off(OTP)] }, {}, BEFORE, false],
  ['a factor, while another one is gone', { factors: [SMS, EMAIL] }, {}, BEFORE, false],
  ['nothing, by a list of what is', { factors: AS_IT_IS }, {}, BEFORE, false],
  ['a factor with another contact', { enable: ['SMS'] }, { mfaPhone: '3' }, BEFORE, false],
  ['a factor with the same contact', { enable: ['SMS'] }, { mfaPhone: '1' }, BEFORE, false],
  ['a factor with a first contact', { enable: ['EMAIL'] }, { mfaEmail: 'thief@example.com' }, BEFORE, false],
  ['a factor with no contact, where none is', { enable: ['EMAIL'] }, { mfaEmail: null }, BEFORE, false],
  ["a factor with another phone of the account's", { enable: ['SMS'] }, { phone: '3' }, BEFORE, false],
  ['a factor with an enrolment', { enable: ['FACE'] }, { faceMfaEnabled: true }, BEFORE, false],
  ['a factor without an enrolment', { enable: ['EMAIL'] }, { totpMfaEnabled: false }, BEFORE, false],
])('a change that switches on %s: %j with %j', (_what, input, fields, before, expected) => {
  const change = toFactorChange(input)
  const after = mergeMfaState(before, fields, change)
  expect(onlySwitchesOn(before, { fields, change, after })).toBe(expected)
})

it('a change that replaces the whole state, and clears what it does not name, is no such change', () => {
  const change = toFactorChange({ factors: [...AS_IT_IS, FACE] })
  const after = mergeMfaState(EMPTY_MFA_STATE, {}, change)
  expect(onlySwitchesOn(BEFORE, { fields: {}, change, after })).toBe(false)
})
