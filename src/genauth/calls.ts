import { earlier } from '../base/deadline.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { fail, succeed, type UpstreamResult } from '../mfa/failure.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { Bulkhead } from './bulkhead.ts'
import type { ByKind, Call, CallReply, MakeCall } from './call.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { Credentials } from './credentials/credentials.ts'
import { toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import { createBreakerStage } from './stages/breaker.ts'
import { createBulkheadStage } from './stages/bulkhead.ts'
import { createPermitStage } from './stages/permit.ts'
import { createRetryStage, type RetryStageOptions } from './stages/retry.ts'
import { createSend, type SendOptions } from './stages/send.ts'
import { createSignStage } from './stages/sign.ts'
import type { Attempted } from './stages/stage.ts'
import { timely } from './stages/timely.ts'
import { createTokenStage } from './stages/token.ts'
import { createUnblockedStage } from './stages/unblocked.ts'

interface CallsOptions extends SendOptions, Omit<RetryStageOptions, 'canRenew'> {
  readonly credentials: Credentials
  readonly throttle: Pick<Throttle, 'acquire' | 'slowDown'>
  readonly breakers: ByKind<CircuitBreaker>
  readonly bulkheads: ByKind<Bulkhead>
}

/** The time that a write leaves, so that its outcome can be read back before the deadline. */
const READ_BACK_MS = 1_000

/**
 * Makes calls to GenAuth. Each attempt goes through the stages of the one line below, outermost first. It waits for a
 * token and for a permit, and for nothing else. An attempt that cannot be sent is skipped before it acquires a permit.
 * This is checked again when it has one, because time has passed.
 */
export function createCalls(options: CallsOptions): (context: CallContext) => MakeCall {
  const { credentials, throttle, breakers, bulkheads, retryBudget, log, observer } = options
  const retry = createRetryStage({ ...options, canRenew: credentials.canRenew })
  const token = createTokenStage(credentials)
  const unblocked = createUnblockedStage(options)
  const permit = createPermitStage(throttle)
  const sign = createSignStage(credentials)
  const breaker = createBreakerStage(breakers)
  const bulkhead = createBulkheadStage(bulkheads)
  const send = createSend(options)

  const attempt = retry(token(timely(unblocked(permit(sign(timely(breaker(bulkhead(send)))))))))

  return context => async call => {
    const attempted = await attempt({ call }, call.kind === 'WRITE' ? leaveTimeToReadBack(context) : context)
    if (attempted.kind === 'SKIPPED') {
      observer?.events.emit('notSent', { endpoint: call.endpoint, reason: attempted.reason })
    }
    const replied = toCallReply(call, attempted)
    if (replied.ok) retryBudget.earn(context.callerKey)
    else logFailure(log, call.endpoint, replied.failure)
    return replied
  }
}

function leaveTimeToReadBack(context: CallContext): CallContext {
  return { ...context, deadline: earlier(context.deadline, READ_BACK_MS) }
}

function toCallReply<T>(call: Call<T>, attempted: Attempted): UpstreamResult<CallReply<T>> {
  if (attempted.kind === 'SKIPPED') return fail(attempted.failure)
  const { result } = attempted
  if (!result.ok) return result
  const envelope = result.value
  const data = call.data.safeParse(envelope.data)
  return data.success
    ? succeed({ data: data.data, envelope })
    : fail(toWrongShapeFailure(envelope, data.error))
}
