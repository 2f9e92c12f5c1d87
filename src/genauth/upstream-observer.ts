import type { TraceContext } from '../base/trace-context.ts'
import type { MfaFailureKind } from '../mfa/failure.ts'
import type { UnavailableReason } from '../mfa/failure-details.ts'
import type { Headers } from './credentials/credentials.ts'

/** What one attempt at a call came to. Shapes are not judged: `OK` is GenAuth's own "success". */
export type AttemptOutcome = 'OK' | Exclude<MfaFailureKind, 'UPSTREAM_UNAVAILABLE'> | UnavailableReason

/** Why an attempt was not sent. */
export const SKIP_REASONS = [
  'NO_TIME',
  'NOT_WANTED',
  'BREAKER_OPEN',
  'NO_CONNECTION',
  'NO_TURN',
  'NO_TOKEN',
] as const

export type SkipReason = (typeof SKIP_REASONS)[number]

/** Watches the calls to GenAuth. It is told endpoints, outcomes and times, never a parameter. */
export interface UpstreamObserver {
  /** @param trace what the call is a part of */
  attemptBegins(endpoint: string, trace: TraceContext | null): ObservedAttempt
  notSent(endpoint: string, reason: SkipReason): void
  breakerOpened(kind: 'READ' | 'WRITE'): void
}

export interface ObservedAttempt {
  /** Sent along with the attempt. `null`: nothing. */
  readonly headers: Headers | null
  ended(outcome: AttemptOutcome): void
}
