import { describe, expect, it } from 'vitest'
import {
  type CallerFacts,
  checkGuardRails,
  type GuardRails,
  type PlannedChange,
} from '../../src/mfa/check-guard-rails.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'

const on = (code: string, sort = 0) => ({ code, enabled: true, sort })
const off = (code: string, sort = 0) => ({ code, enabled: false, sort })
const change = { kind: 'PATCH', enable: [], disable: [] } as const
const BEFORE: MfaState = {
  ...EMPTY_MFA_STATE,
  mfaPhone: '1',
  mfaPhoneCountryCode: '+86',
  mfaEmail: 'e',
  totpMfaEnabled: true,
  nickname: 'n',
  factors: [on('SMS'), on('OTP', 1), off('EMAIL', 2), off('VOICE', 3), on('PASSKEY', 4)],
}

const NOW_MS = 1_800_000_000_000
const FRESH_S = NOW_MS / 1_000 - 100
const NONE: GuardRails = {
  allowSelfWeakening: false,
  stepUp: null,
  requireReason: 'off',
  sharedLockFor: 'off',
}
const STEP_UP: GuardRails = {
  ...NONE,
  stepUp: { maxAgeS: 300, acrValues: ['mfa'], amrValues: ['otp', 'hwk'] },
}
const ADMIN: CallerFacts = {
  genauthId: 'admin',
  isClient: false,
  authTimeS: FRESH_S,
  acr: 'mfa',
  amr: ['pwd', 'otp'],
}
const WEAKER = { ...BEFORE, factors: [on('SMS')] }
const SET: PlannedChange = {
  genauthId: 'u',
  before: BEFORE,
  fields: {},
  change,
  after: WEAKER,
  allowNoFactor: false,
  reason: null,
  protection: 'NOT_ASKED',
}
const OWN = { genauthId: 'admin' }
const REDIRECTED = { after: { ...BEFORE, factors: [...BEFORE.factors, on('FACE', 9)] } }
const HARMLESS = { after: { ...BEFORE, nickname: 'm' } }
const NO_FACTOR = { after: { ...BEFORE, factors: [off('SMS'), on('PASSKEY')] } }

const PROTECTED = { protection: 'PROTECTED' } as const
const ALLOWING: GuardRails = { ...NONE, allowSelfWeakening: true }
const MEANT = { allowNoFactor: true, reason: 'r' }

describe('the rails', () => {
  it.each<[string, GuardRails, Partial<CallerFacts>, Partial<PlannedChange>, string]>([
    ['let weakening another through', NONE, {}, {}, 'passes '],
    ['refuse weakening oneself', NONE, {}, OWN, 'OWN_USER'],
    ['refuse redirecting oneself', NONE, {}, { ...OWN, ...REDIRECTED }, 'OWN_USER'],
    ['let through what has no effect on oneself', NONE, {}, { ...OWN, ...HARMLESS }, 'passes '],
    [
      'refuse any set on oneself that nobody can compare',
      NONE,
      {},
      { ...OWN, ...HARMLESS, before: null },
      'OWN_USER',
    ],
    [
      'let weakening oneself through where that is allowed',
      { ...NONE, allowSelfWeakening: true },
      {},
      OWN,
      'passes OWN_USER',
    ],
    ['refuse who nobody knows', NONE, { genauthId: null }, {}, 'CALLER_UNKNOWN'],
    ['refuse who nobody knows to redirect', NONE, { genauthId: null }, REDIRECTED, 'CALLER_UNKNOWN'],
    ['let who nobody knows do what has no effect', NONE, { genauthId: null }, HARMLESS, 'passes '],
    ['know no self of a client', NONE, { genauthId: null, isClient: true }, {}, 'passes '],
    ['know the self of a client that names one', NONE, { isClient: true }, OWN, 'OWN_USER'],
    [
      'need to know nobody where weakening oneself is allowed',
      { ...NONE, allowSelfWeakening: true },
      { genauthId: null },
      {},
      'passes ',
    ],
    ['refuse to leave nobody but an unknown factor', NONE, {}, NO_FACTOR, 'NO_FACTOR'],
    ['refuse it of a list alone', NONE, {}, { ...NO_FACTOR, before: null }, 'NO_FACTOR'],
    ['let it through where it is meant', NONE, {}, { ...NO_FACTOR, allowNoFactor: true }, 'passes NO_FACTOR'],
    ['let a fresh sign-in through', STEP_UP, {}, {}, 'passes STEP_UP'],
    ['ask nothing of what has no effect', STEP_UP, { authTimeS: null }, HARMLESS, 'passes '],
    ['ask a sign-in for redirecting', STEP_UP, { authTimeS: null }, REDIRECTED, 'STEP_UP_REQUIRED'],
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
      { ...HARMLESS, before: null },
      'STEP_UP_REQUIRED',
    ],
    ['demand a reason of weakening', { ...NONE, requireReason: 'weakening' }, {}, {}, 'REASON_REQUIRED'],
    [
      'demand a reason of redirecting',
      { ...NONE, requireReason: 'weakening' },
      {},
      REDIRECTED,
      'REASON_REQUIRED',
    ],
    ['take a reason', { ...NONE, requireReason: 'weakening' }, {}, { reason: 'r' }, 'passes REASON'],
    ['demand none of what has no effect', { ...NONE, requireReason: 'weakening' }, {}, HARMLESS, 'passes '],
    ['refuse weakening a protected user', NONE, {}, PROTECTED, 'PROTECTED_USER'],
    ['say so to one whom nobody knows, too', NONE, { genauthId: null }, PROTECTED, 'PROTECTED_USER'],
    ['say so to the protected user, too', NONE, {}, { ...OWN, ...PROTECTED }, 'PROTECTED_USER'],
    ['say so whatever is allowed', ALLOWING, {}, { ...PROTECTED, ...OWN, ...MEANT }, 'PROTECTED_USER'],
    ['say so before a sign-in is asked', STEP_UP, { authTimeS: null }, PROTECTED, 'PROTECTED_USER'],
    ['say so before a factor is demanded', NONE, {}, { ...PROTECTED, ...NO_FACTOR }, 'PROTECTED_USER'],
    [
      'refuse what nobody can compare',
      NONE,
      {},
      { ...PROTECTED, ...HARMLESS, before: null },
      'PROTECTED_USER',
    ],
    ['let a protected user have one more factor', NONE, {}, { ...PROTECTED, ...REDIRECTED }, 'passes '],
    [
      'ask a sign-in for it, as of others',
      STEP_UP,
      { acr: null },
      { ...PROTECTED, ...REDIRECTED },
      'STEP_UP_REQUIRED',
    ],
    [
      'let through what has no effect on a protected user',
      NONE,
      {},
      { ...PROTECTED, ...HARMLESS },
      'passes ',
    ],
    ['note that a user is not protected', NONE, {}, { protection: 'NOT_PROTECTED' }, 'passes PROTECTED_USER'],
    ['demand one always', { ...NONE, requireReason: 'always' }, {}, HARMLESS, 'REASON_REQUIRED'],
  ])('%s', (_what, policy, caller, set, expected) => {
    const verdict = checkGuardRails(policy, { ...ADMIN, ...caller }, { ...SET, ...set }, NOW_MS)
    if ('passed' in verdict) return expect(`passes ${verdict.passed.join(' ')}`).toBe(expected)
    const { refusal } = verdict
    expect(refusal.kind === 'POLICY_VIOLATION' ? refusal.rule : refusal.kind).toBe(expected)
  })
})
