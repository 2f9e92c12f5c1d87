import { type Clock, sleep } from '../../base/clock.ts'
import type { ClassifiedReply } from '../classify.ts'
import type { RetryBudget } from '../retry-budget.ts'
import type { CallRequest, Stage } from './stage.ts'

export interface RetryStageOptions {
  readonly retryBudget: RetryBudget
  /** Whether a refused token can be replaced by another. */
  readonly canRenew: boolean
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
}

/** The first one included. */
const MAX_ATTEMPTS = 3
const BASE_WAIT_MS = 100
/** A GenAuth that says "too many" needs more distance than one that has stumbled. */
const THROTTLED_BASE_WAIT_MS = 500
const MAX_WAIT_MS = 2_000

/**
 * Repeats an attempt if that is safe (see `classify.ts`), the budget allows it and the deadline leaves the time; and
 * once, if it was refused for its token. Every attempt at a write but the last is proven to have done nothing, so that
 * the last one alone tells what became of it.
 */
export function createRetryStage({
  retryBudget,
  canRenew,
  clock,
  random,
}: RetryStageOptions): Stage<CallRequest> {
  return next => async (request, context) => {
    // Background work has time of its own to come back; the budget of repetitions is for people.
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
 * How long to wait before the next attempt: "full jitter", anything from nothing to a limit that doubles, so that
 * callers who failed together do not come back together. The wait that the reply asks for is added.
 *
 * @param attempt the number of the one that failed, from 1
 * @param random from 0 to 1
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
