import { hashText } from './hash-text.ts'

/** Limits how often calls are repeated. */
export interface RetryBudget {
  /** A call of this caller succeeded. */
  earn(callerKey: string): void
  /** Returns `false` if nothing is left, of all or of what this caller may spend. */
  spend(callerKey: string): boolean
}

/** Each success pays for a tenth of a repetition, so that in a disturbance they stay a tenth of the calls. */
const EARNED_BY_SUCCESS = 0.1
/** Repetitions that an outage can cost in addition: nothing succeeds, so nothing is earned any more. */
const MAX_BALANCE = 10
/** Callers who have spent something. With one more, the first of them starts anew. */
const MAX_CALLERS = 1_000

/**
 * A token bucket that only successes fill, so that repeating never adds much to the load of what is failing. Each
 * caller also has a bucket of their own: a caller who asks for what GenAuth cannot answer soon has an empty one, and the
 * others keep what they earn.
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
