import type { TraceContext } from './trace-context.ts'

/** A piece of work in a trace. It has begun, because its IDs travel on while it lasts. */
export interface Span {
  readonly context: TraceContext
  /** Headers to send along with the work, so that its receiver continues the trace. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * Ends the work, and reports that to the listeners.
   *
   * @param isFault `true` if the fault is ours or GenAuth's
   */
  end(attributes: SpanAttributes, isFault: boolean): void
}

export type SpanAttributes = Readonly<Record<string, string | number | string[]>>

/** The part of a request that places it in a trace. */
interface SentTrace {
  /** `null` if the request belongs to no trace. */
  readonly parent: TraceContext | null
  /** The values that callers pass on to each other. `null` if none can be passed on. */
  readonly baggage: string | null
}

/**
 * Begins pieces of work whose IDs are needed before they end: in the log, in the journal, at GenAuth. All other spans
 * are made from events by their listeners.
 */
export interface Tracer {
  beginRequest(sent: SentTrace): Span
  beginAttempt(endpoint: string, parent: TraceContext | null): Span
}
