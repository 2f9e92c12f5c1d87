import type { Logger } from 'pino'
import { earlier } from '../base/deadline.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import type { Attempt } from './attempt.ts'
import type { Answered, Call, Exchange } from './call.ts'
import type { ClassifiedReply } from './classify.ts'
import type { Envelope } from './envelope.ts'
import { toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import { MAX_ATTEMPTS, toWaitMs } from './retry.ts'
import type { RetryBudget } from './retry-budget.ts'

export interface ExchangeOptions {
  readonly attempt: Attempt
  readonly retryBudget: RetryBudget
  /** Whether a refused token can be replaced by another. */
  readonly canRenew: boolean
  readonly sleep: (ms: number) => Promise<void>
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: Logger
}

/** What a write leaves of its time, so that its outcome can be read back before the deadline. */
const READ_BACK_MS = 1_000

/**
 * The one place where calls are repeated, judged and logged. A call is repeated where that is safe (see `retry.ts`),
 * the budget allows it and the deadline leaves the time; and once, when it was refused for its token. Every attempt
 * at a write but the last is proven to have done nothing, so that the last one alone tells what became of it. Logs
 * hold the endpoint and numbers, never parameters or bodies.
 */
export function createExchange(options: ExchangeOptions): (operation: CallContext) => Exchange {
  const { attempt, retryBudget, canRenew, sleep, random, log } = options

  async function attemptRepeatedly<T>(
    call: Call<T>,
    operation: CallContext,
  ): Promise<Result<ClassifiedReply>> {
    const context = call.kind === 'WRITE' ? leaveTimeToReadBack(operation) : operation
    let mayRenew = canRenew
    for (let made = 1; ; ) {
      const attempted = await attempt(call, context)
      if (!attempted.ok) return attempted
      const classified = attempted.value
      if (mayRenew && classified.isUnauthorized && classified.isSafeToRepeat) {
        mayRenew = false
        continue
      }
      // Background work has time of its own to come back; the budget of repetitions is for people.
      const maxAttempts = operation.priority === 'BACKGROUND' ? 1 : MAX_ATTEMPTS
      if (!classified.isTransient || !classified.isSafeToRepeat || made >= maxAttempts) return attempted
      const waitMs = toWaitMs(classified, made, random())
      if (waitMs >= context.deadline.remainingMs() || !retryBudget.spend(operation.callerKey))
        return attempted
      await sleep(waitMs)
      made++
    }
  }

  return operation => async wanted => {
    const attempted = await attemptRepeatedly(wanted, operation)
    const answered = attempted.ok ? readData(wanted, attempted.value.result) : attempted
    if (answered.ok) retryBudget.earn(operation.callerKey)
    else logFailure(log, wanted.endpoint, answered.failure)
    return answered
  }
}

function leaveTimeToReadBack(context: CallContext): CallContext {
  return { ...context, deadline: earlier(context.deadline, READ_BACK_MS) }
}

function readData<T>(call: Call<T>, result: Result<Envelope>): Result<Answered<T>> {
  if (!result.ok) return result
  const envelope = result.value
  const data = call.data.safeParse(envelope.data)
  return data.success
    ? succeed({ data: data.data, envelope })
    : fail(toWrongShapeFailure(envelope, data.error))
}
