import type { MfaChangeEffect } from '../mfa/change-effect.ts'
import { checkSignInAndReason, type Verdict } from '../mfa/check-guard-rails.ts'
import type { PolicyScope } from './policy-scope.ts'

/** A change of a policy as the guard rails judge it. */
interface PlannedPolicy {
  /** `WEAKENING` if it switches a factor off for everybody. */
  readonly effects: readonly MfaChangeEffect[]
  /** `true` if it would leave the pool without a factor that this version knows. */
  readonly leavesNoFactor: boolean
  readonly allowNoFactor: boolean
  readonly reason: string | null
}

/**
 * Checks a change of a policy against the guard rails. `OWN_USER` and `CALLER_UNKNOWN` do not apply: it is about
 * everybody, so that it matters to none of them who the caller is.
 */
export function checkPolicyGuardRails(
  { parts: { guardRails, clock }, context: { caller } }: Pick<PolicyScope, 'parts' | 'context'>,
  { effects, leavesNoFactor, allowNoFactor, reason }: PlannedPolicy,
): Verdict {
  if (leavesNoFactor && !allowNoFactor) {
    return {
      refusal: { kind: 'POLICY_VIOLATION', upstream: null, rule: 'NO_FACTOR', effects, subject: 'POOL' },
    }
  }
  const verdict = checkSignInAndReason(guardRails, caller, { effects, reason }, clock.now())
  if ('refusal' in verdict || !leavesNoFactor) return verdict
  return { effects, passed: ['NO_FACTOR', ...verdict.passed] }
}
