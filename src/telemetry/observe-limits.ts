import type { Caller } from '../access/caller.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import type { Result } from '../mfa/failure.ts'
import type { LIMITS, Metrics } from './metrics.ts'

type Limit = (typeof LIMITS)[number]

/** Counts what the limits refuse, by limit and never by caller. */
export function observeLimits(
  limitsOf: (caller: Caller) => CallerLimits,
  { limited }: Metrics,
): (caller: Caller) => CallerLimits {
  async function note<T>(limit: Limit, counted: Promise<Result<T>>, users = 1): Promise<Result<T>> {
    const settled = await counted
    if (!settled.ok) limited.inc({ limit }, users)
    return settled
  }

  return caller => {
    const limits = limitsOf(caller)
    return {
      countRead: () => note('reads', limits.countRead()),
      countWrite: () => note('writes', limits.countWrite()),
      countWeakening: () => note('weakenings', limits.countWeakening()),
      reserveMisses: (wanted, deadline) => note('misses', limits.reserveMisses(wanted, deadline), wanted),
    }
  }
}
