import type { Logger } from 'pino'
import type { CallContext, Priority } from '../mfa/call-context.ts'
import { fail, type MfaFailure, notSent, type Result, succeed } from '../mfa/failure.ts'
import type { Permit } from '../throttle/permit.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { Call } from './call.ts'
import { type ClassifiedReply, classify } from './classify.ts'
import type { Credentials, Headers, UnauthorizedRequest } from './credentials/credentials.ts'
import type { Lanes } from './lane.ts'
import { MAX_CONNECTIONS, type Reply, type Transport } from './transport.ts'
import type { Bar, UpstreamObserver } from './upstream-observer.ts'

/** Sends a call once. A failure: it was not sent. */
export type Attempt = (call: Call<unknown>, context: CallContext) => Promise<Result<ClassifiedReply>>

export interface AttemptOptions {
  readonly transport: Transport
  readonly credentials: Credentials
  readonly throttle: Pick<Throttle, 'acquire' | 'slowDown'>
  readonly lanes: Lanes
  /** For one attempt, once it is sent. */
  readonly timeoutMs: number
  readonly log: Logger
  /** Null: nobody watches. */
  readonly observer: UpstreamObserver | null
}

/** Time that ran out says something about GenAuth only where it had this long to answer. */
const PATIENT_MS = 1_000

/**
 * Of the connections for reads, those that a priority leaves free. When all the others hang on what is only looked at,
 * a set can still begin; when background work hangs, so can everything else.
 */
const KEPT_FREE: Readonly<Record<Priority, number>> = { WRITE: 0, READ: 50, BACKGROUND: 200 }

/**
 * One attempt waits until its deadline for a token and then for a permit, and for nothing else: if the breaker of its
 * class is open, or all connections of its class are taken, it is not sent and fails immediately. This is checked
 * before it acquires a permit, so that none is wasted, and again before it is sent. The signature is made last.
 *
 * What a write stands on shares no connection: the write, and the reads before and after it. A reply that belongs to
 * another would make it write another user's state, or confirm what never happened.
 */
export function createAttempt(options: AttemptOptions): Attempt {
  const { transport, credentials, throttle, lanes, timeoutMs, log, observer } = options

  async function send(
    { kind, endpoint }: Call<unknown>,
    { method, path, params }: UnauthorizedRequest,
    headers: Headers,
    limitMs: number,
    { priority, isWanted, trace }: CallContext,
    permit: Permit,
  ): Promise<ClassifiedReply> {
    const observed = observer?.attemptBegins(endpoint, trace)
    const addedHeaders = observed?.headers ?? null
    const startedAtMs = performance.now()
    const reply = await transport.send({
      pool: kind === 'READ' && priority === 'READ' ? 'SHARED_READ' : kind,
      method,
      path,
      params,
      headers,
      addedHeaders,
      timeoutMs: limitMs,
      onSent: permit.sent,
      isWanted,
    })
    const hadTime = limitMs >= Math.min(timeoutMs, PATIENT_MS)
    const classified = classify(kind, reply, { hadTime, isWanted: isWanted() })
    observed?.ended(classified.outcome)
    if (log.isLevelEnabled('debug')) {
      const durationMs = Math.round(performance.now() - startedAtMs)
      log.debug({ endpoint, ...toLogFields(reply), durationMs }, 'upstream')
    }
    if (classified.isUnauthorized) credentials.reject(headers)
    return classified
  }

  return async (call, context) => {
    const { deadline, callerKey } = context
    const lane = lanes[call.kind]
    const maxInFlight = MAX_CONNECTIONS[call.kind] - KEPT_FREE[context.priority]
    const { method, endpoint, params } = call
    const findBar = (): Bar | null => {
      if (deadline.remainingMs() < 1) return 'NO_TIME'
      if (!context.isWanted()) return 'NOT_WANTED'
      if (lane.breaker.isOpenFor(callerKey)) return 'BREAKER_OPEN'
      const isFull = lane.inFlight >= maxInFlight || lane.callerShares.isSpent(callerKey, maxInFlight)
      return isFull ? 'NO_CONNECTION' : null
    }
    const refuse = (bar: Bar, failure: MfaFailure = notSent()) => {
      observer?.notSent(endpoint, bar)
      return fail(failure)
    }
    const ready = await credentials.prepare(deadline)
    if (!ready.ok) return refuse('NO_TOKEN', ready.failure)
    const early = findBar()
    if (early !== null) return refuse(early)
    const acquired = await throttle.acquire(context)
    if (!acquired.ok) return refuse('NO_TURN', acquired.failure)
    const permit = acquired.value
    try {
      const request = { method, path: `/api/v3/${endpoint}`, params }
      let headers = credentials.authorize(request)
      if (headers === null) {
        // The token that was at hand has been refused while this call waited for its permit.
        const renewed = await credentials.prepare(deadline)
        if (!renewed.ok) return refuse('NO_TOKEN', renewed.failure)
        headers = credentials.authorize(request)
        if (headers === null) return refuse('NO_TOKEN')
      }
      const late = findBar()
      if (late !== null) return refuse(late)
      const limitMs = Math.floor(Math.min(timeoutMs, deadline.remainingMs()))
      const report = lane.breaker.enter({ callerKey, subject: call.subject })
      if (report === null) return refuse('BREAKER_OPEN')
      lane.inFlight++
      const free = lane.callerShares.take(callerKey)
      const classified = await send(call, request, headers, limitMs, context, permit)
      free()
      lane.inFlight--
      report(classified.health)
      if (classified.isThrottled) throttle.slowDown()
      return succeed(classified)
    } finally {
      permit.release()
    }
  }
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
