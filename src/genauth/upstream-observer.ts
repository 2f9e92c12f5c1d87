import type { Observer } from '../base/observer.ts'
import type { Span } from '../base/tracer.ts'
import type { MfaFailureKind } from '../mfa/failure.ts'
import type { UnavailableReason } from '../mfa/failure-details.ts'

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
