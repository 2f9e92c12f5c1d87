import { describe, expect, it } from 'vitest'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'
import { type CallerFacts, type JudgedSet, judgeSet, type MfaPolicy, weakens } from '../../src/mfa/policy.ts'

const on = (code: string, sort = 0) => ({ code, enabled: true, sort })
const off = (code: string, sort = 0) => ({ code, enabled: false, sort })
const BEFORE: MfaState = {
  ...EMPTY_MFA_STATE,
  mfaPhone: '1',
  mfaPhoneCountryCode: '+86',
  mfaEmail: 'e',
  totpMfaEnabled: true,
  nickname: 'n',
  factors: [on('SMS'), on('OTP', 1), off('EMAIL', 2), off('VOICE', 3), on('PASSKEY', 4)],
}

describe('a change weakens', () => {
  it.each<[string, Partial<MfaState>, boolean]>([
    ['not: nothing', {}, false],
    [
      'not: another order',
      { factors: [on('PASSKEY'), on('OTP', 1), on('SMS', 2), off('EMAIL', 3), off('VOICE', 4)] },
      false,
    ],
    ['not: one more', { factors: [...BEFORE.factors, on('FACE', 9)] }, false],
    ['not: one on', { factors: BEFORE.factors.map(factor => ({ ...factor, enabled: true })) }, false],
    [
      'not: a known factor that was off is gone',
      { factors: BEFORE.factors.filter(({ code }) => code !== 'EMAIL') },
      false,
    ],
    ['not: display texts', { nickname: null, username: 'u', phone: '2' }, false],
    ['not: a flag that was not set', { faceMfaEnabled: true }, false],
    [
      'an enabled factor off',
      { factors: BEFORE.factors.map(f => (f.code === 'SMS' ? off('SMS') : f)) },
      true,
    ],
    ['an enabled factor gone', { factors: BEFORE.factors.filter(({ code }) => code !== 'OTP') }, true],
    [
      'an unknown factor that was on gone',
      { factors: BEFORE.factors.filter(({ code }) => code !== 'PASSKEY') },
      true,
    ],
    [
      'an unknown factor that was off gone',
      { factors: BEFORE.factors.filter(({ code }) => code !== 'VOICE') },
      true,
    ],
    ['another phone', { mfaPhone: '2' }, true],
    ['no phone', { mfaPhone: null }, true],
    ['another country', { mfaPhoneCountryCode: '+1' }, true],
    ['another address', { mfaEmail: 'f' }, true],
    ['an enrolment given up', { totpMfaEnabled: false }, true],
    ['an enrolment forgotten', { totpMfaEnabled: null }, true],
  ])('%s', (_what, change, expected) => {
    expect(weakens(BEFORE, { ...BEFORE, ...change })).toBe(expected)
  })

  it('not by a first contact', () => {
    expect(weakens(EMPTY_MFA_STATE, { ...EMPTY_MFA_STATE, mfaPhone: '1', mfaEmail: 'e' })).toBe(false)
  })
})

const NOW_MS = 1_800_000_000_000
const FRESH_S = NOW_MS / 1_000 - 100
const NONE: MfaPolicy = { allowSelfWeakening: false, stepUp: null, requireReason: 'off' }
const STEP_UP: MfaPolicy = {
  ...NONE,
  stepUp: { maxAgeS: 300, acrValues: ['mfa'], amrValues: ['otp', 'hwk'] },
}
const ADMIN: CallerFacts = { genauthId: 'admin', authTimeS: FRESH_S, acr: 'mfa', amr: ['pwd', 'otp'] }
const WEAKER = { ...BEFORE, factors: [on('SMS')] }
const SET: JudgedSet = { genauthId: 'u', before: BEFORE, after: WEAKER, allowNoFactor: false, reason: null }
const OWN = { genauthId: 'admin' }
const STRONGER = { after: { ...BEFORE, factors: [...BEFORE.factors, on('FACE', 9)] } }
const NO_FACTOR = { after: { ...BEFORE, factors: [off('SMS'), on('PASSKEY')] } }

describe('the rails', () => {
  it.each<[string, MfaPolicy, Partial<CallerFacts>, Partial<JudgedSet>, string]>([
    ['let weakening another through', NONE, {}, {}, 'passes '],
    ['refuse weakening oneself', NONE, {}, OWN, 'OWN_USER'],
    ['let strengthening oneself through', NONE, {}, { ...OWN, ...STRONGER }, 'passes '],
    [
      'refuse any set on oneself that nobody can compare',
      NONE,
      {},
      { ...OWN, ...STRONGER, before: null },
      'OWN_USER',
    ],
    [
      'let weakening oneself through where that is allowed',
      { ...NONE, allowSelfWeakening: true },
      {},
      OWN,
      'passes OWN_USER',
    ],
    ['know no self without an id', NONE, { genauthId: null }, OWN, 'passes '],
    ['refuse to leave nobody but an unknown factor', NONE, {}, NO_FACTOR, 'NO_FACTOR'],
    ['refuse it of a list alone', NONE, {}, { ...NO_FACTOR, before: null }, 'NO_FACTOR'],
    ['let it through where it is meant', NONE, {}, { ...NO_FACTOR, allowNoFactor: true }, 'passes NO_FACTOR'],
    ['let a fresh sign-in through', STEP_UP, {}, {}, 'passes STEP_UP'],
    ['ask nothing of strengthening', STEP_UP, { authTimeS: null }, STRONGER, 'passes '],
    ['ask for a sign-in that is not known', STEP_UP, { authTimeS: null }, {}, 'STEP_UP_REQUIRED'],
    ['ask for a fresher one', STEP_UP, { authTimeS: FRESH_S - 231 }, {}, 'STEP_UP_REQUIRED'],
    ['allow clocks to differ', STEP_UP, { authTimeS: FRESH_S - 229 }, {}, 'passes STEP_UP'],
    ['refuse one from the future', STEP_UP, { authTimeS: NOW_MS / 1_000 + 31 }, {}, 'STEP_UP_REQUIRED'],
    ['ask for another acr', STEP_UP, { acr: 'pwd' }, {}, 'STEP_UP_REQUIRED'],
    ['ask for an acr', STEP_UP, { acr: null }, {}, 'STEP_UP_REQUIRED'],
    ['ask for another amr', STEP_UP, { amr: ['pwd'] }, {}, 'STEP_UP_REQUIRED'],
    [
      'ask of what nobody can compare',
      STEP_UP,
      { authTimeS: null },
      { ...STRONGER, before: null },
      'STEP_UP_REQUIRED',
    ],
    ['demand a reason of weakening', { ...NONE, requireReason: 'weakening' }, {}, {}, 'REASON_REQUIRED'],
    ['take a reason', { ...NONE, requireReason: 'weakening' }, {}, { reason: 'r' }, 'passes REASON'],
    ['demand none of strengthening', { ...NONE, requireReason: 'weakening' }, {}, STRONGER, 'passes '],
    ['demand one always', { ...NONE, requireReason: 'always' }, {}, STRONGER, 'REASON_REQUIRED'],
  ])('%s', (_what, policy, caller, set, expected) => {
    const verdict = judgeSet(policy, { ...ADMIN, ...caller }, { ...SET, ...set }, NOW_MS)
    if ('passed' in verdict) return expect(`passes ${verdict.passed.join(' ')}`).toBe(expected)
    const { refusal } = verdict
    expect(refusal.kind === 'POLICY_VIOLATION' ? refusal.rule : refusal.kind).toBe(expected)
  })
})
