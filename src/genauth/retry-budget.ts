/** How often calls may be made again, all calls together. */
export interface RetryBudget {
  /** A call succeeded. */
  earn(): void
  /** False: nothing is left. */
  spend(): boolean
}

/** Each success pays for a tenth of a repetition: in a disturbance they stay a tenth of the calls. */
const EARNED_BY_SUCCESS = 0.1
/** What an outage can cost besides: nothing succeeds, so nothing is earned any more. */
const MAX_BALANCE = 10

/** A token bucket that only successes fill, so that repeating never adds much to the load of what is failing. */
export function createRetryBudget(): RetryBudget {
  let balance = MAX_BALANCE
  return {
    earn() {
      balance = Math.min(MAX_BALANCE, balance + EARNED_BY_SUCCESS)
    },
    spend() {
      if (balance < 1) return false
      balance--
      return true
    },
  }
}
