import { type Clock, sleep } from '../base/clock.ts'
import type { CallContext } from '../mfa/call-context.ts'
import type { Attempted, MakeAttempt } from './attempt.ts'
import type { Call } from './call.ts'
import type { ClassifiedReply } from './classify.ts'
import type { Credentials } from './credentials/credentials.ts'

/** Limits how often calls are repeated, so that repetitions never add much to the load of a failing GenAuth. */
export interface RetryBudget {
  /** Reports that a call of this caller succeeded. */
  earn(callerKey: string): void
  /** Spends one repetition. Returns `false` if none is left, in total or for this caller. */
  spend(callerKey: string): boolean
}

export interface RetryOptions {
  readonly retryBudget: RetryBudget
  /** `canRenew` is `true` if a refused token can be replaced by another. */
  readonly credentials: Pick<Credentials, 'canRenew'>
  readonly clock: Clock
  /** Returns a number from 0 to 1. */
  readonly random: () => number
}

/** The most attempts of a call, the first one included. */
const MAX_ATTEMPTS = 3
const BASE_WAIT_MS = 100
/** After a 429 GenAuth needs a longer wait than after another failure. */
const THROTTLED_BASE_WAIT_MS = 500
const MAX_WAIT_MS = 2_000

/** Each success pays for a tenth of a repetition, so that during a disturbance a tenth of the calls are repeated. */
const EARNED_BY_SUCCESS = 0.1
/** The repetitions that an outage can cost in addition. As nothing succeeds, nothing more is earned. */
const MAX_BALANCE = 10
/** The most callers whose spending is remembered. With one more, the first of them starts anew. */
const MAX_CALLERS = 1_000

/** Returns `true` if another attempt is safe (see `classify.ts`) and may help: with a fresh token, or a moment later. */
export function mayBeRepeated(attempted: Attempted): attempted is ClassifiedReply {
  return (
    attempted.kind === 'REPLIED' &&
    attempted.isSafeToRepeat &&
    (attempted.isUnauthorized || attempted.isTransient)
  )
}

/**
 * Repeats an attempt while it may be repeated, the budget allows it, and the deadline leaves the time. It repeats an
 * attempt once if GenAuth refused its token. Every attempt at a write except the last is proven to have done nothing.
 * The last one alone therefore decides the outcome of the write.
 */
export function createRepeat(
  { retryBudget, credentials, clock, random }: RetryOptions,
  attempt: MakeAttempt,
): (first: ClassifiedReply, call: Call<unknown>, context: CallContext) => Promise<Attempted> {
  return async (first, call, context) => {
    // Background work runs again by itself. The budget of repetitions is for calls that a caller waits for.
    const maxAttempts = context.priority === 'BACKGROUND' ? 1 : MAX_ATTEMPTS
    let mayRenew = credentials.canRenew
    let attempted: Attempted = first
    for (let made = 1; mayBeRepeated(attempted); attempted = await attempt(call, context)) {
      if (mayRenew && attempted.isUnauthorized) {
        mayRenew = false
        continue
      }
      if (!attempted.isTransient || made >= maxAttempts) return attempted
      const waitMs = toWaitMs(attempted, made, random())
      if (waitMs >= context.deadline.remainingMs() || !retryBudget.spend(context.callerKey)) return attempted
      await sleep(clock, waitMs)
      made++
    }
    return attempted
  }
}

/**
 * Returns the wait before the next attempt. It uses "full jitter": a random time from 0 to a limit that doubles, so
 * that calls that failed together are not repeated together. The wait that the reply asks for is added.
 *
 * @param attempt the number of the failed attempt, from 1
 * @param random a number from 0 to 1
 */
export function toWaitMs(
  { reply, isThrottled }: Pick<ClassifiedReply, 'reply' | 'isThrottled'>,
  attempt: number,
  random: number,
): number {
  const retryAfterMs = reply.kind === 'NONE' ? null : reply.retryAfterMs
  const baseMs = isThrottled ? THROTTLED_BASE_WAIT_MS : BASE_WAIT_MS
  return (retryAfterMs ?? 0) + random * Math.min(MAX_WAIT_MS, baseMs * 2 ** (attempt - 1))
}

/**
 * A token bucket that only successes fill, so that repetitions never add much to the load of a failing service. Each
 * caller also has a bucket of their own. A caller for whose identifiers GenAuth has no reply soon has an empty bucket,
 * and the others keep the repetitions that they earn.
 */
export function createRetryBudget(): RetryBudget {
  let balance = MAX_BALANCE
  const owns = new Map<string, number>()

  return {
    earn(callerKey) {
      balance = Math.min(MAX_BALANCE, balance + EARNED_BY_SUCCESS)
      if (owns.size === 0) return
      const own = owns.get(callerKey)
      if (own === undefined) return
      if (own + EARNED_BY_SUCCESS >= MAX_BALANCE) owns.delete(callerKey)
      else owns.set(callerKey, own + EARNED_BY_SUCCESS)
    },
    spend(callerKey) {
      const own = owns.get(callerKey) ?? MAX_BALANCE
      if (balance < 1 || own < 1) return false
      balance--
      for (const first of owns.keys()) {
        if (owns.size < MAX_CALLERS) break
        owns.delete(first)
      }
      owns.set(callerKey, own - 1)
      return true
    },
  }
}
