import type { Caller } from '../access/caller.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import type { MfaFailure } from '../mfa/failure.ts'
import type { LIMITS, Metrics } from './metrics.ts'

type Limit = (typeof LIMITS)[number]

/** Counts what the limits refuse, by limit and never by caller. */
export function observeLimits(
  limitsOf: (caller: Caller) => CallerLimits,
  { limited }: Metrics,
): (caller: Caller) => CallerLimits {
  async function note(limit: Limit, refusal: Promise<MfaFailure | null>): Promise<MfaFailure | null> {
    const settled = await refusal
    if (settled !== null) limited.inc({ limit })
    return settled
  }

  return caller => {
    const limits = limitsOf(caller)
    return {
      countRead: () => note('reads', limits.countRead()),
      countWrite: () => note('writes', limits.countWrite()),
      countWeakening: () => note('weakenings', limits.countWeakening()),
      mayLookUp: user => note('misses', limits.mayLookUp(user)),
      countMiss: user => limits.countMiss(user),
    }
  }
}
