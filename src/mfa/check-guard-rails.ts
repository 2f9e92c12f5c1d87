import type { MfaChangeEffect } from './change-effect.ts'
import { hasEnabledType } from './factor.ts'
import type { MfaFailureOf } from './failure.ts'
import { type AskedChange, findEffects } from './find-change-effects.ts'
import type { GuardRail, MfaPolicyRule } from './guard-rail.ts'
import type { MfaState } from './mfa-state.ts'
import { onlySwitchesOn } from './only-switches-on.ts'
import type { SharedLockDemand } from './user-lock.ts'

/** The demands of a deployment on changes. */
export interface GuardRails {
  readonly allowSelfWeakening: boolean
  /** `null` if no change needs a fresh sign-in. If a list is empty, any value will do. */
  readonly stepUp: {
    readonly maxAgeS: number
    readonly acrValues: readonly string[]
    readonly amrValues: readonly string[]
  } | null
  /** `weakening` demands a reason of every change that has an effect. */
  readonly requireReason: 'off' | 'weakening' | 'always'
  readonly sharedLockFor: SharedLockDemand
}

/** The facts about a caller that the guard rails judge. */
export interface CallerFacts {
  /** The caller's own GenAuth id. `null` if the token does not say. */
  readonly genauthId: string | null
  /** `true` if the token belongs to a client. It stands for no person, so it has no user of its own. */
  readonly isClient: boolean
  /** The time of the caller's last sign-in, in seconds since 1970. `null` if the token does not say. */
  readonly authTimeS: number | null
  readonly acr: string | null
  readonly amr: readonly string[]
}

/** A change as the guard rails judge it, before it is decided on. */
export interface PlannedChange extends AskedChange {
  readonly genauthId: string
  /** `null` if it is not known. */
  readonly before: MfaState | null
  readonly allowNoFactor: boolean
  readonly reason: string | null
  readonly protection: Protection
}

/** Whether the user is a protected one. It is asked only of a change that `touchesProtection`. */
export type Protection = 'PROTECTED' | 'NOT_PROTECTED' | 'NOT_ASKED'

export type GuardRailRefusal = MfaFailureOf<'POLICY_VIOLATION'> | MfaFailureOf<'STEP_UP_REQUIRED'>

/** The guard rails that a change has passed, for the record, or the first that refuses it. */
export type Verdict =
  | { readonly passed: readonly string[]; readonly effects: readonly MfaChangeEffect[] }
  | { readonly refusal: GuardRailRefusal }

/** The clocks of an issuer and of this process may differ by this much. */
const CLOCK_TOLERANCE_S = 30

/** Returns `true` if the guard rails cannot judge a change without the state before. */
export function needsStateBefore({ stepUp, requireReason, sharedLockFor }: GuardRails): boolean {
  return stepUp !== null || requireReason === 'weakening' || sharedLockFor === 'weakening'
}

/**
 * Returns `true` if a protected user must be kept from a change. It then has an effect, and does more than to switch
 * factors on.
 */
export function touchesProtection(planned: Omit<PlannedChange, 'protection'>): boolean {
  const { before } = planned
  return findEffects(before, planned).length > 0 && (before === null || !onlySwitchesOn(before, planned))
}

/**
 * Checks a change against the guard rails. The protection of the user comes first: the other refusals say what would
 * help the caller, and here nothing does. An unknown state before waives no guard rail. The change then counts as
 * one with both effects, and the guard rail `NO_FACTOR` judges the resulting list alone. A change that names no
 * factor, such as that of a contact alone, may concern a user who has none.
 */
export function checkGuardRails(
  policy: GuardRails,
  caller: CallerFacts,
  planned: PlannedChange,
  nowMs: number,
): Verdict {
  const effects = findEffects(planned.before, planned)
  const hasEffect = effects.length > 0
  const isOwn = caller.genauthId === planned.genauthId
  const passed: string[] = []
  const refuse = (rule: MfaPolicyRule): Verdict => ({
    refusal: { kind: 'POLICY_VIOLATION', upstream: null, rule, effects },
  })

  if (planned.protection === 'PROTECTED' && touchesProtection(planned)) return refuse('PROTECTED_USER')
  if (planned.protection === 'NOT_PROTECTED') passed.push('PROTECTED_USER')
  if (hasEffect && !policy.allowSelfWeakening && caller.genauthId === null && !caller.isClient) {
    return refuse('CALLER_UNKNOWN')
  }
  if (isOwn && hasEffect) {
    if (!policy.allowSelfWeakening) return refuse('OWN_USER')
    passed.push('OWN_USER')
  }
  if (!hasEnabledType(planned.after.factors) && !leavesFactors(planned)) {
    if (!planned.allowNoFactor) return refuse('NO_FACTOR')
    passed.push('NO_FACTOR')
  }
  const verdict = checkSignInAndReason(policy, caller, { effects, reason: planned.reason }, nowMs)
  return 'refusal' in verdict ? verdict : { effects, passed: [...passed, ...verdict.passed] }
}

/** Checks the guard rails that are the same for every change: a fresh sign-in, and a reason. */
export function checkSignInAndReason(
  { stepUp, requireReason }: GuardRails,
  caller: CallerFacts,
  { effects, reason }: { readonly effects: readonly MfaChangeEffect[]; readonly reason: string | null },
  nowMs: number,
): Verdict {
  const hasEffect = effects.length > 0
  const passed: string[] = []
  if (stepUp !== null && hasEffect) {
    const { maxAgeS, acrValues } = stepUp
    if (!isFresh(stepUp, caller, nowMs)) {
      return { refusal: { kind: 'STEP_UP_REQUIRED', upstream: null, acrValues, maxAgeS, effects } }
    }
    passed.push('STEP_UP')
  }
  if (requireReason === 'always' || (requireReason === 'weakening' && hasEffect)) {
    if (reason === null) {
      return { refusal: { kind: 'POLICY_VIOLATION', upstream: null, rule: 'REASON_REQUIRED', effects } }
    }
    passed.push('REASON')
  }
  return { passed, effects }
}

/** Returns `true` if the user had no enabled factor before, and the change names none. */
function leavesFactors({ before, change }: PlannedChange): boolean {
  if (before === null || change.kind !== 'PATCH') return false
  return change.enable.length + change.disable.length === 0 && !hasEnabledType(before.factors)
}

function isFresh(stepUp: NonNullable<GuardRails['stepUp']>, caller: CallerFacts, nowMs: number): boolean {
  const { maxAgeS, acrValues, amrValues } = stepUp
  if (caller.authTimeS === null) return false
  const ageS = nowMs / 1_000 - caller.authTimeS
  return (
    ageS <= maxAgeS + CLOCK_TOLERANCE_S &&
    ageS >= -CLOCK_TOLERANCE_S &&
    (acrValues.length === 0 || (caller.acr !== null && acrValues.includes(caller.acr))) &&
    (amrValues.length === 0 || caller.amr.some(method => amrValues.includes(method)))
  )
}

/** Returns the guard rail that refused. */
export function toGuardRail(refusal: GuardRailRefusal): GuardRail {
  return refusal.kind === 'POLICY_VIOLATION' ? refusal.rule : 'STEP_UP'
}
