import { earlier } from '../base/deadline.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { fail, type UpstreamResult } from '../mfa/failure.ts'
import { type Attempted, type AttemptOptions, createAttempt } from './attempt.ts'
import type { Call, MakeCall } from './call.ts'
import type { Credentials } from './credentials/credentials.ts'
import { toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import { createRepeat, mayBeRepeated, type RetryOptions } from './retry.ts'

interface CallsOptions extends AttemptOptions, RetryOptions {
  readonly credentials: Credentials
}

/** The time that a write leaves, so that its outcome can be read back before the deadline. */
const READ_BACK_MS = 1_000

/** Makes calls to GenAuth: an attempt, more if they may help, and the data of the last one. */
export function createCalls(options: CallsOptions): (context: CallContext) => MakeCall {
  const attempt = createAttempt(options)
  const repeat = createRepeat(options, attempt)
  const { retryBudget, log, observer } = options
  return given => async call => {
    const { kind, endpoint } = call
    const context = kind === 'WRITE' ? { ...given, deadline: earlier(given.deadline, READ_BACK_MS) } : given
    const first = await attempt(call, context)
    const attempted = mayBeRepeated(first) ? await repeat(first, call, context) : first
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
