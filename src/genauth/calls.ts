import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { earlier } from '../base/deadline.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { fail, type MfaFailure, notSent, type Result, succeed } from '../mfa/failure.ts'
import type { Permit } from '../throttle/permit.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { Bulkhead } from './bulkhead.ts'
import { type Call, type CallReply, type MakeCall, toPath } from './call.ts'
import type { Breaker } from './circuit-breaker.ts'
import { type ClassifiedReply, classify } from './classify.ts'
import type { Credentials, Headers } from './credentials/credentials.ts'
import { toWrongShapeFailure } from './failures.ts'
import { logFailure } from './log-failure.ts'
import { MAX_ATTEMPTS, toWaitMs } from './retry.ts'
import type { RetryBudget } from './retry-budget.ts'
import type { Reply, Transport } from './transport.ts'
import type { SkipReason, UpstreamObserver } from './upstream-observer.ts'

export interface CallsOptions {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly throttle: Pick<Throttle, 'acquire' | 'slowDown'>
  readonly breakers: Readonly<Record<'READ' | 'WRITE', Breaker>>
  readonly bulkheads: Readonly<Record<'READ' | 'WRITE', Bulkhead>>
  readonly retryBudget: RetryBudget
  /** For one attempt, once it is sent. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** The wait before another attempt. */
  readonly sleep: (ms: number) => Promise<void>
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: Logger
  /** `null`: nobody watches. */
  readonly observer: UpstreamObserver | null
}

/** What came of an attempt. `SKIPPED`: it was not sent. */
export type Attempted =
  | { readonly kind: 'SKIPPED'; readonly reason: SkipReason; readonly failure: MfaFailure }
  | ({ readonly kind: 'REPLIED' } & ClassifiedReply)

/** What a write leaves of its time, so that its outcome can be read back before the deadline. */
const READ_BACK_MS = 1_000
/** An attempt that ran out of time says something about GenAuth only if GenAuth had this long to reply. */
const PATIENT_MS = 1_000

/**
 * The one place where calls are repeated, judged and logged. A call is repeated if that is safe (see `classify.ts`),
 * the budget allows it and the deadline leaves the time; and once, when it was refused for its token. Every attempt
 * at a write but the last is proven to have done nothing, so that the last one alone tells what became of it. Logs
 * hold the endpoint and numbers, never parameters or bodies.
 *
 * One attempt waits until its deadline for a token and then for a permit, and for nothing else: if the breaker of its
 * kind is open, or all connections of its kind are taken, it is skipped. This is checked before it acquires a permit,
 * so that none is wasted, and again before it is sent. The signature is made last.
 *
 * What a write stands on shares no connection: the write, and the reads before and after it. A reply that belongs to
 * another call would make it write another user's state, or confirm what never happened.
 */
export function createCalls(options: CallsOptions): (context: CallContext) => MakeCall {
  const { transport, credentials, throttle, breakers, bulkheads, timeoutMs, clock, log, observer } = options

  async function attemptRepeatedly(call: Call<unknown>, context: CallContext): Promise<Attempted> {
    const { retryBudget, sleep, random } = options
    // Background work has time of its own to come back; the budget of repetitions is for people.
    const maxAttempts = context.priority === 'BACKGROUND' ? 1 : MAX_ATTEMPTS
    let mayRenew = credentials.canRenew
    for (let made = 1; ; ) {
      const attempted = await attempt(call, context)
      if (attempted.kind === 'SKIPPED' || !attempted.isSafeToRepeat) return attempted
      if (mayRenew && attempted.isUnauthorized) {
        mayRenew = false
        continue
      }
      if (!attempted.isTransient || made >= maxAttempts) return attempted
      const waitMs = toWaitMs(attempted, made, random())
      if (waitMs >= context.deadline.remainingMs() || !retryBudget.spend(context.callerKey)) return attempted
      await sleep(waitMs)
      made++
    }
  }

  async function attempt(call: Call<unknown>, context: CallContext): Promise<Attempted> {
    const ready = await credentials.prepare(context.deadline)
    if (!ready.ok) return skip('NO_TOKEN', ready.failure)
    return check(call, context, async () => {
      const acquired = await throttle.acquire(context)
      if (!acquired.ok) return skip('NO_TURN', acquired.failure)
      const permit = acquired.value
      try {
        const attempted = await authorize(call, context, permit)
        if (attempted.kind === 'REPLIED' && attempted.isThrottled) throttle.slowDown()
        return attempted
      } finally {
        permit.release()
      }
    })
  }

  async function check(call: Call<unknown>, context: CallContext, next: () => Promise<Attempted>) {
    if (context.deadline.remainingMs() < 1) return skip('NO_TIME')
    if (!context.isWanted()) return skip('NOT_WANTED')
    if (breakers[call.kind].isOpenFor(context.callerKey)) return skip('BREAKER_OPEN')
    if (bulkheads[call.kind].isFullFor(context)) return skip('NO_CONNECTION')
    return next()
  }

  async function authorize(call: Call<unknown>, context: CallContext, permit: Permit): Promise<Attempted> {
    const request = { method: call.method, path: toPath(call), params: call.params }
    let headers = credentials.authorize(request)
    if (headers === null) {
      // The token that was at hand has been refused while this call waited for its permit.
      const renewed = await credentials.prepare(context.deadline)
      if (!renewed.ok) return skip('NO_TOKEN', renewed.failure)
      headers = credentials.authorize(request)
      if (headers === null) return skip('NO_TOKEN')
    }
    const signed = headers
    const attempted = await check(call, context, () => enter(call, context, permit, signed))
    if (attempted.kind === 'REPLIED' && attempted.isUnauthorized) credentials.reject(headers)
    return attempted
  }

  async function enter(call: Call<unknown>, context: CallContext, permit: Permit, headers: Headers) {
    const { callerKey } = context
    const report = breakers[call.kind].enter({ callerKey, subject: call.subject })
    if (report === null) return skip('BREAKER_OPEN')
    const leave = bulkheads[call.kind].enter(callerKey)
    const attempted = await send(call, context, permit, headers)
    leave()
    report(attempted.health)
    return attempted
  }

  async function send(call: Call<unknown>, context: CallContext, permit: Permit, headers: Headers) {
    const { kind, endpoint, method, params } = call
    const { priority, deadline, isWanted, trace } = context
    const limitMs = Math.floor(Math.min(timeoutMs, deadline.remainingMs()))
    const observed = observer?.attemptBegins(endpoint, trace)
    const startedAtMs = clock.monotonic()
    const reply = await transport.send({
      pool: kind === 'READ' && priority === 'READ' ? 'SHARED_READ' : kind,
      method,
      path: toPath(call),
      params,
      headers,
      addedHeaders: observed?.headers ?? null,
      timeoutMs: limitMs,
      onSent: permit.sent,
      isWanted,
    })
    const hadTime = limitMs >= Math.min(timeoutMs, PATIENT_MS)
    const classified = classify(kind, reply, { hadTime, isWanted: isWanted() })
    observed?.ended(classified.outcome)
    if (log.isLevelEnabled('debug')) {
      const durationMs = Math.round(clock.monotonic() - startedAtMs)
      log.debug({ endpoint, ...toLogFields(reply), durationMs }, 'upstream')
    }
    return { kind: 'REPLIED', ...classified } as const
  }

  return context => async call => {
    const isWrite = call.kind === 'WRITE'
    const attempted = await attemptRepeatedly(call, isWrite ? leaveTimeToReadBack(context) : context)
    if (attempted.kind === 'SKIPPED') observer?.notSent(call.endpoint, attempted.reason)
    const replied = attempted.kind === 'SKIPPED' ? fail(attempted.failure) : readData(call, attempted)
    if (replied.ok) options.retryBudget.earn(context.callerKey)
    else logFailure(log, call.endpoint, replied.failure)
    return replied
  }
}

function skip(reason: SkipReason, failure: MfaFailure = notSent()) {
  return { kind: 'SKIPPED', reason, failure } as const
}

function leaveTimeToReadBack(context: CallContext): CallContext {
  return { ...context, deadline: earlier(context.deadline, READ_BACK_MS) }
}

function readData<T>(call: Call<T>, { result }: ClassifiedReply): Result<CallReply<T>> {
  if (!result.ok) return result
  const envelope = result.value
  const data = call.data.safeParse(envelope.data)
  return data.success
    ? succeed({ data: data.data, envelope })
    : fail(toWrongShapeFailure(envelope, data.error))
}

function toLogFields(reply: Reply) {
  switch (reply.kind) {
    case 'ENVELOPE': {
      const { statusCode, apiCode, requestId } = reply.envelope
      return { httpStatus: reply.httpStatus, statusCode, apiCode, upstreamRequestId: requestId }
    }
    case 'NOT_AN_ENVELOPE':
      return { httpStatus: reply.httpStatus, foreign: true }
    case 'NONE':
      return { unanswered: reply.reason }
  }
}
