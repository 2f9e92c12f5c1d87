import { expect, it } from 'vitest'
import { mergeMfaState } from '../../src/mfa/merge.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'

const PASSKEY = { code: 'PASSKEY', enabled: true, sort: 1, statusAsRead: 7 }
const SMS = { code: 'SMS', enabled: true, sort: 0, statusAsRead: 1 }
const BEFORE = { ...EMPTY_MFA_STATE, mfaPhone: '1', totpMfaEnabled: true, factors: [SMS, PASSKEY] }

it('keeps what is left out, clears what is null, takes what is given', () => {
  const after = mergeMfaState(BEFORE, { mfaPhone: undefined, totpMfaEnabled: null, mfaEmail: 'e' }, [])
  expect(after).toEqual({ ...BEFORE, totpMfaEnabled: null, mfaEmail: 'e', factors: [PASSKEY] })
})

it('does not touch the state it starts from', () => {
  const copy = structuredClone(BEFORE)
  mergeMfaState(BEFORE, { mfaPhone: null }, [{ type: 'OTP', enabled: true }])
  expect(BEFORE).toEqual(copy)
})

it.each([
  ['an empty list', [], [PASSKEY]],
  ['a list without places', [{ type: 'OTP' }, { type: 'SMS' }], ['OTP 0', 'SMS 1', { ...PASSKEY, sort: 2 }]],
  [
    'a list with places',
    [
      { type: 'OTP', sort: 9 },
      { type: 'SMS', sort: 0 },
    ],
    ['OTP 9', 'SMS 0', { ...PASSKEY, sort: 10 }],
  ],
] as const)('puts unknown factors behind %s, and does not move them again', (_which, given, expected) => {
  const settings = given.map(setting => ({ enabled: true, ...setting }))
  const factors = expected.map(factor => {
    if (typeof factor !== 'string') return factor
    const [code = '', sort] = factor.split(' ')
    return { code, enabled: true, sort: Number(sort) }
  })
  const once = mergeMfaState(BEFORE, {}, settings)
  expect(once.factors).toEqual(factors)
  expect(mergeMfaState(once, {}, settings)).toEqual(once)
})
