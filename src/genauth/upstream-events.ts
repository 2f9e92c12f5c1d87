import type { Span } from '../base/tracer.ts'
import type { AttemptOutcome, SkipReason } from './upstream-observer.ts'

/** Endpoints, outcomes and times, never a parameter. */
export interface UpstreamEvents {
  /** An attempt at a call was sent, and has ended. */
  attempt: {
    readonly endpoint: string
    readonly outcome: AttemptOutcome
    readonly seconds: number
    readonly span: Span | null
  }
  /** An attempt was not sent. */
  notSent: { readonly endpoint: string; readonly reason: SkipReason }
  /** A circuit breaker opened. */
  breakerOpened: { readonly kind: 'READ' | 'WRITE' }
}
