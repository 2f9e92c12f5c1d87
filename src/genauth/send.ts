import type { Logger } from 'pino'
import { type Clock, startTimer } from '../base/clock.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { CallContext } from '../mfa/call-context.ts'
import type { Permit } from '../throttle/throttle.ts'
import { API_PATH, type Call } from './call.ts'
import { type ClassifiedReply, classify } from './classify.ts'
import type { Headers } from './credentials/credentials.ts'
import type { Reply, Transport } from './transport.ts'
import type { AttemptOutcome, UpstreamObserver } from './upstream-observer.ts'

export interface SendOptions {
  readonly transport: Pick<Transport, 'send'>
  /** The longest time for one attempt once it is sent. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly observer: UpstreamObserver
}

/** A call that is authorised and has its permit. */
interface ReadyRequest {
  readonly call: Call<unknown>
  readonly permit: Permit
  readonly headers: Headers
  /** The time that is left before the deadline. */
  readonly remainingMs: number
}

/** Sends an attempt and judges the reply. It never throws. */
type Send = (request: ReadyRequest, context: CallContext) => Promise<ClassifiedReply>

/** A timeout says something about GenAuth only if GenAuth had this long to reply. */
const PATIENT_MS = 1_000

/**
 * Sends an attempt and judges the reply. Its log line holds the endpoint and numbers, never parameters or bodies.
 *
 * A write, and the reads before and after it, share no connection with any call. If one of them got the reply to
 * another call, the write would store another user's state, or would be confirmed although it never happened.
 */
export function createSend({ transport, timeoutMs, clock, log, observer }: SendOptions): Send {
  return async ({ call, permit, headers, remainingMs }, { priority, isWanted, trace, sharesConnections }) => {
    const { kind, endpoint, method, params } = call
    const limitMs = Math.floor(Math.min(timeoutMs, remainingMs))
    const observed = observeAttempt(observer, endpoint, trace)
    const startedAtMs = clock.monotonic()
    const isShared = kind === 'READ' && (priority === 'READ' || sharesConnections === true)
    const reply = await transport.send({
      pool: isShared ? 'SHARED_READ' : kind,
      method,
      path: `${API_PATH}${endpoint}`,
      params,
      headers,
      addedHeaders: observed?.headers ?? null,
      timeoutMs: limitMs,
      onSent: permit.sent,
      isWanted,
    })
    const hadTime = limitMs >= Math.min(timeoutMs, PATIENT_MS)
    const classified = classify(kind, reply, { hadTime, isWanted })
    observed?.ended(classified.outcome)
    if (log.isLevelEnabled('debug')) {
      const durationMs = Math.round(clock.monotonic() - startedAtMs)
      log.debug({ endpoint, ...toLogFields(reply), durationMs }, 'upstream')
    }
    return classified
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

interface ObservedAttempt {
  /** The headers to send along with the attempt, or `null` if there are none. */
  readonly headers: Headers | null
  ended(outcome: AttemptOutcome): void
}

/**
 * Begins to watch an attempt that is about to be sent.
 *
 * @param trace the trace that the call is a part of
 * @returns `null` if nobody listens
 */
export function observeAttempt(
  observer: UpstreamObserver,
  endpoint: string,
  trace: TraceContext | null,
): ObservedAttempt | null {
  const { events, tracer, clock } = observer
  if (!events.isHeard('attempt')) return null
  const toSeconds = startTimer(clock)
  const span = tracer?.beginAttempt(endpoint, trace) ?? null
  return {
    headers: span?.headers ?? null,
    ended: outcome => events.emit('attempt', { endpoint, outcome, seconds: toSeconds(), span }),
  }
}
