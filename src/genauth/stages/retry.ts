import { type Clock, sleep } from '../../base/clock.ts'
import type { ClassifiedReply } from '../classify.ts'
import type { RetryBudget } from '../retry-budget.ts'
import type { CallRequest, Stage } from './stage.ts'

export interface RetryStageOptions {
  readonly retryBudget: RetryBudget
  /** `true` if a refused token can be replaced by another. */
  readonly canRenew: boolean
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

/**
 * Repeats an attempt if that is safe (see `classify.ts`), the budget allows it, and the deadline leaves the time. It
 * also repeats an attempt once if GenAuth refused its token. Every attempt at a write except the last is proven to have
 * done nothing. The last one alone therefore decides the outcome of the write.
 */
export function createRetryStage({
  retryBudget,
  canRenew,
  clock,
  random,
}: RetryStageOptions): Stage<CallRequest> {
  return next => async (request, context) => {
    // Background work runs again by itself. The budget of repetitions is for calls that a caller waits for.
    const maxAttempts = context.priority === 'BACKGROUND' ? 1 : MAX_ATTEMPTS
    let mayRenew = canRenew
    for (let made = 1; ; ) {
      const attempted = await next(request, context)
      if (attempted.kind === 'SKIPPED' || !attempted.isSafeToRepeat) return attempted
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
