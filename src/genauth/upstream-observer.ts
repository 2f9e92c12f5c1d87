import { startTimer } from '../base/clock.ts'
import type { Observer } from '../base/observer.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { Span } from '../base/tracer.ts'
import type { MfaFailureKind } from '../mfa/failure.ts'
import type { UnavailableReason } from '../mfa/failure-details.ts'
import type { Headers } from './credentials/credentials.ts'

/** The outcome of one attempt at a call. It ignores the shape of the data: `OK` is GenAuth's own "success". */
export type AttemptOutcome = 'OK' | Exclude<MfaFailureKind, 'UPSTREAM_UNAVAILABLE'> | UnavailableReason

/** The reasons for which an attempt is not sent. */
export const SKIP_REASONS = [
  'NO_TIME',
  'NOT_WANTED',
  'BREAKER_OPEN',
  'NO_CONNECTION',
  'NO_TURN',
  'NO_TOKEN',
] as const

export type SkipReason = (typeof SKIP_REASONS)[number]

/** The events hold endpoints, outcomes and times, never a parameter. */
export interface UpstreamEvents {
  /** An attempt at a call was sent, and has ended. */
  attempt: {
    readonly endpoint: string
    readonly outcome: AttemptOutcome
    readonly seconds: number
    readonly span: Span | null
  }
  /** A call ended with an attempt that was not sent. */
  notSent: { readonly endpoint: string; readonly reason: SkipReason }
  /** A circuit breaker opened. */
  breakerOpened: { readonly kind: 'READ' | 'WRITE' }
}

export type UpstreamObserver = Observer<UpstreamEvents>

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
  observer: UpstreamObserver | null,
  endpoint: string,
  trace: TraceContext | null,
): ObservedAttempt | null {
  if (observer === null || !observer.events.isHeard('attempt')) return null
  const { events, tracer, clock } = observer
  const toSeconds = startTimer(clock)
  const span = tracer?.beginAttempt(endpoint, trace) ?? null
  return {
    headers: span?.headers ?? null,
    ended: outcome => events.emit('attempt', { endpoint, outcome, seconds: toSeconds(), span }),
  }
}
