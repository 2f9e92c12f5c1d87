import { earlier } from '../base/deadline.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { fail, type UpstreamResult } from '../mfa/failure.ts'
import type { Call, MakeCall } from './call.ts'
import type { Credentials } from './credentials/credentials.ts'
import { toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import { createRetryStage, type RetryOptions } from './retry.ts'
import { createSend, type SendOptions } from './send.ts'
import { type Attempted, createStages, type StagesOptions } from './stages.ts'

interface CallsOptions extends SendOptions, RetryOptions, StagesOptions {
  readonly credentials: Credentials
}

/** The time that a write leaves, so that its outcome can be read back before the deadline. */
const READ_BACK_MS = 1_000

/**
 * Makes calls to GenAuth. Each attempt goes through the stages of the one line below, outermost first. It waits for a
 * token and for a permit, and for nothing else. An attempt that cannot be sent is skipped before it acquires a permit.
 * This is checked again when it has one, because time has passed.
 */
export function createCalls(options: CallsOptions): (context: CallContext) => MakeCall {
  const { token, timely, unblocked, permit, sign, breaker, bulkhead } = createStages(options)
  const retry = createRetryStage(options)
  const send = createSend(options)

  const attempt = retry(token(timely(unblocked(permit(sign(timely(breaker(bulkhead(send)))))))))

  const { retryBudget, log, observer } = options
  return context => async call => {
    const { kind, endpoint } = call
    const deadline = kind === 'WRITE' ? earlier(context.deadline, READ_BACK_MS) : context.deadline
    const attempted = await attempt({ call }, { ...context, deadline })
    if (attempted.kind === 'SKIPPED') {
      observer.events.emit('notSent', { endpoint, reason: attempted.reason })
    }
    const replied = toCallResult(call, attempted)
    if (replied.ok) retryBudget.earn(context.callerKey)
    else logFailure(log, endpoint, replied.failure)
    return replied
  }
}

function toCallResult<T>({ data }: Call<T>, attempted: Attempted): UpstreamResult<T> {
  if (attempted.kind === 'SKIPPED') return fail(attempted.failure)
  const { result } = attempted
  if (!result.ok) return result
  const parsed = data.safeParse(result.value.data)
  return parsed.success
    ? { ok: true, value: parsed.data }
    : fail(toWrongShapeFailure(result.value, parsed.error))
}
