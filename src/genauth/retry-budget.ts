import { hashText } from './hash-text.ts'

/** Limits how often calls are repeated. */
export interface RetryBudget {
  /** Reports that a call of this caller succeeded. */
  earn(callerKey: string): void
  /** Spends one repetition. Returns `false` if none is left, in total or for this caller. */
  spend(callerKey: string): boolean
}

/** Each success pays for a tenth of a repetition, so that during a disturbance a tenth of the calls are repeated. */
const EARNED_BY_SUCCESS = 0.1
/** The repetitions that an outage can cost in addition. As nothing succeeds, nothing more is earned. */
const MAX_BALANCE = 10
/** The most callers whose spending is remembered. With one more, the first of them starts anew. */
const MAX_CALLERS = 1_000

/**
 * A token bucket that only successes fill, so that repetitions never add much to the load of a failing service. Each
 * caller also has a bucket of their own. A caller for whose identifiers GenAuth has no reply soon has an empty bucket,
 * and the others keep the repetitions that they earn.
 */
export function createRetryBudget(): RetryBudget {
  let balance = MAX_BALANCE
  const owns = new Map<number, number>()

  return {
    earn(callerKey) {
      balance = Math.min(MAX_BALANCE, balance + EARNED_BY_SUCCESS)
      if (owns.size === 0) return
      const caller = hashText(callerKey)
      const own = owns.get(caller)
      if (own === undefined) return
      if (own + EARNED_BY_SUCCESS >= MAX_BALANCE) owns.delete(caller)
      else owns.set(caller, own + EARNED_BY_SUCCESS)
    },
    spend(callerKey) {
      const caller = hashText(callerKey)
      const own = owns.get(caller) ?? MAX_BALANCE
      if (balance < 1 || own < 1) return false
      balance--
      for (const first of owns.keys()) {
        if (owns.size < MAX_CALLERS) break
        owns.delete(first)
      }
      owns.set(caller, own - 1)
      return true
    },
  }
}
