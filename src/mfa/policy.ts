import { type MfaFactor, toMfaFactorType } from './factor.ts'
import type { MfaFailure } from './failure.ts'
import { MFA_CONTACT_FIELDS, MFA_FLAG_FIELDS, type MfaState } from './mfa-state.ts'
import { hasEnabledType } from './warnings.ts'

/** Guard rails that refuse for good; a fresh sign-in is asked for in an error of its own. */
export const MFA_POLICY_RULES = ['OWN_USER', 'NO_FACTOR', 'REASON_REQUIRED'] as const

export type MfaPolicyRule = (typeof MFA_POLICY_RULES)[number]

/** What a deployment demands of sets. */
export interface MfaPolicy {
  readonly allowSelfWeakening: boolean
  /** Null: weakening needs no fresh sign-in. Empty lists: any value will do. */
  readonly stepUp: {
    readonly maxAgeS: number
    readonly acrValues: readonly string[]
    readonly amrValues: readonly string[]
  } | null
  readonly requireReason: 'off' | 'weakening' | 'always'
}

/** What is known of whoever asks, as far as the rails look at it. */
export interface CallerFacts {
  /** The caller's own GenAuth id. Null: the token does not say. */
  readonly genauthId: string | null
  /** When the caller last signed in, in seconds since 1970. */
  readonly authTimeS: number | null
  readonly acr: string | null
  readonly amr: readonly string[]
}

/** One set, as the rails look at it. */
export interface JudgedSet {
  readonly genauthId: string
  /** Null: not known. */
  readonly before: MfaState | null
  readonly after: MfaState
  readonly allowNoFactor: boolean
  readonly reason: string | null
}

/** The rails that a set has passed, for the record; or the first that refuses it. */
export type Verdict =
  | { readonly passed: readonly string[]; readonly isWeakening: boolean }
  | { readonly refusal: MfaFailure }

/** Clocks of an issuer and of this process may differ by this much. */
const CLOCK_TOLERANCE_S = 30

/** Whether a policy can only be judged with the state before at hand. */
export function needsStateBefore({ stepUp, requireReason }: MfaPolicy): boolean {
  return stepUp !== null || requireReason === 'weakening'
}

/**
 * Holds a set against the rails. A state before that is not known never waives one: a set on oneself then counts
 * as weakening, and the rail against no factor looks at the resulting list alone.
 */
export function judgeSet(policy: MfaPolicy, caller: CallerFacts, set: JudgedSet, nowMs: number): Verdict {
  const isWeakening = set.before === null || weakens(set.before, set.after)
  const isOwn = caller.genauthId === set.genauthId
  const passed: string[] = []

  if (isOwn && isWeakening) {
    if (!policy.allowSelfWeakening) return refuse('OWN_USER')
    passed.push('OWN_USER')
  }
  if (!hasEnabledType(set.after.factors)) {
    if (!set.allowNoFactor) return refuse('NO_FACTOR')
    passed.push('NO_FACTOR')
  }
  if (policy.stepUp !== null && isWeakening) {
    const { maxAgeS, acrValues } = policy.stepUp
    if (!isFresh(policy.stepUp, caller, nowMs)) {
      return { refusal: { kind: 'STEP_UP_REQUIRED', upstream: null, acrValues, maxAgeS } }
    }
    passed.push('STEP_UP')
  }
  if (policy.requireReason === 'always' || (policy.requireReason === 'weakening' && isWeakening)) {
    if (set.reason === null) return refuse('REASON_REQUIRED')
    passed.push('REASON')
  }
  return { passed, isWeakening }
}

/**
 * Whether a thief would gain by the change: an enabled factor is off or gone, a contact that codes go to is
 * another or none, an enrolment is given up, a factor that nobody knows is lost. Order alone is nothing.
 */
export function weakens(before: MfaState, after: MfaState): boolean {
  return (
    before.factors.some(factor => isLost(factor, after.factors)) ||
    MFA_CONTACT_FIELDS.some(field => before[field] && before[field] !== after[field]) ||
    MFA_FLAG_FIELDS.some(field => before[field] === true && after[field] !== true)
  )
}

function isLost({ code, enabled }: MfaFactor, after: readonly MfaFactor[]): boolean {
  const left = after.filter(factor => factor.code === code)
  if (enabled) return !left.some(factor => factor.enabled)
  return toMfaFactorType(code) === null && left.length === 0
}

function isFresh(stepUp: NonNullable<MfaPolicy['stepUp']>, caller: CallerFacts, nowMs: number): boolean {
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

function refuse(rule: MfaPolicyRule): Verdict {
  return { refusal: { kind: 'POLICY_VIOLATION', upstream: null, rule } }
}
