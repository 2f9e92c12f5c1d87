import { expect, it } from 'vitest'
import type { MfaFactor } from '../../src/mfa/factor.ts'
import { applyFactorChange, type FactorChange, mergeMfaState } from '../../src/mfa/merge.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'

const PASSKEY = { code: 'PASSKEY', enabled: true, sort: 1, statusAsRead: 7 }
const SMS = { code: 'SMS', enabled: true, sort: 0, statusAsRead: 1 }
const EMAIL_OFF = { code: 'EMAIL', enabled: false, sort: 2, statusAsRead: 0 }
const BEFORE = { ...EMPTY_MFA_STATE, mfaPhone: '1', totpMfaEnabled: true, factors: [SMS, PASSKEY, EMAIL_OFF] }
const NO_KNOWN_FACTOR: FactorChange = { kind: 'LIST', factors: [] }

it('keeps what is left out, clears what is null, takes what is given', () => {
  const after = mergeMfaState(
    BEFORE,
    { mfaPhone: undefined, totpMfaEnabled: null, mfaEmail: 'e' },
    NO_KNOWN_FACTOR,
  )
  expect(after).toEqual({ ...BEFORE, totpMfaEnabled: null, mfaEmail: 'e', factors: [PASSKEY] })
})

it('does not touch the state it starts from', () => {
  const copy = structuredClone(BEFORE)
  mergeMfaState(BEFORE, { mfaPhone: null }, { kind: 'PATCH', enable: ['OTP', 'EMAIL'], disable: ['SMS'] })
  expect(BEFORE).toEqual(copy)
})

function list(...factors: [type: 'SMS' | 'OTP', sort?: number][]): FactorChange {
  return { kind: 'LIST', factors: factors.map(([type, sort]) => ({ type, enabled: true, sort })) }
}

function patch(enable: ('SMS' | 'OTP' | 'EMAIL')[], disable: ('SMS' | 'OTP' | 'EMAIL')[]): FactorChange {
  return { kind: 'PATCH', enable, disable }
}

const on = (code: string, sort: number): MfaFactor => ({ code, enabled: true, sort })
const off = (code: string, sort: number): MfaFactor => ({ code, enabled: false, sort })

it.each<[string, FactorChange, MfaFactor[]]>([
  ['an empty list keeps the unknown', list(), [PASSKEY]],
  [
    'a list puts the unknown behind',
    list(['OTP'], ['SMS']),
    [on('OTP', 0), on('SMS', 1), { ...PASSKEY, sort: 2 }],
  ],
  [
    'a list with places too',
    list(['OTP', 9], ['SMS', 0]),
    [on('OTP', 9), on('SMS', 0), { ...PASSKEY, sort: 10 }],
  ],
  ['a patch adds behind all', patch(['OTP'], []), [SMS, PASSKEY, EMAIL_OFF, on('OTP', 3)]],
  ['a patch enables the last in its place', patch(['EMAIL'], []), [SMS, PASSKEY, on('EMAIL', 2)]],
  ['a patch enables two in turn', patch(['OTP', 'EMAIL'], []), [SMS, PASSKEY, on('OTP', 3), on('EMAIL', 4)]],
  ['a patch disables in place', patch([], ['SMS']), [off('SMS', 0), PASSKEY, EMAIL_OFF]],
  ['a patch leaves alone what is so already', patch(['SMS'], ['EMAIL', 'OTP']), [SMS, PASSKEY, EMAIL_OFF]],
])('%s, and not a second time', (_what, change, expected) => {
  const once = applyFactorChange(BEFORE.factors, change)
  expect(once).toEqual(expected)
  expect(applyFactorChange(once, change)).toEqual(once)
})

it('a list of before is restored as it was, with GenAuth’s own number of what stays as it is', () => {
  const twice = [off('PASSKEY', 5), on('PASSKEY', 0)]
  const now = [{ ...PASSKEY, statusAsRead: 3 }, { ...off('PASSKEY', 1), statusAsRead: 0 }, on('FACE', 2)]
  expect(applyFactorChange(now, { kind: 'RESTORE', factors: [...twice, on('SMS', -1.5)] })).toEqual([
    { ...off('PASSKEY', 5), statusAsRead: 0 },
    { ...on('PASSKEY', 0), statusAsRead: 3 },
    on('SMS', -1.5),
  ])
  expect(applyFactorChange([off('SMS', 0)], { kind: 'RESTORE', factors: [on('SMS', 0)] })).toEqual([
    on('SMS', 0),
  ])
  expect(applyFactorChange(now, { kind: 'RESTORE', factors: [] })).toEqual([])
})

it('a patch moves a factor that it newly enables behind those that are on', () => {
  const factors = [off('SMS', 0), on('OTP', 1), { ...PASSKEY, sort: 1.5 }]
  expect(applyFactorChange(factors, patch(['SMS'], []))).toEqual([factors[1], factors[2], on('SMS', 2)])
})
