import type { TraceContext } from './trace-context.ts'

/** A piece of work in a trace. It has begun, since its ids travel on while it is done. */
export interface Span {
  readonly context: TraceContext
  /** Sent along with the work. Whoever does it goes on with the trace. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * For those who listen to the event that the work has ended.
   *
   * @param isFault whether the fault is ours, or GenAuth's
   */
  end(attributes: SpanAttributes, isFault: boolean): void
}

export type SpanAttributes = Readonly<Record<string, string | number | string[]>>

/** What a request says of the trace that it is a part of. */
export interface SentTrace {
  /** `null` if it is a part of none. */
  readonly parent: TraceContext | null
  /** What callers pass to each other. `null` if there is nothing that could be sent on. */
  readonly baggage: string | null
}

/**
 * Begins pieces of work whose ids are needed before they end: in the log, in the journal, at GenAuth. All else about
 * spans is made of events, by who listens to them.
 */
export interface Tracer {
  beginRequest(sent: SentTrace): Span
  beginAttempt(endpoint: string, parent: TraceContext | null): Span
}
