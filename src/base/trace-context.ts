/** The place of a piece of work in a distributed trace, as in W3C's `traceparent`. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits that name the work which this one is part of. */
  readonly spanId: string
  /** `true` if the originator of the trace wants to see it. */
  readonly isSampled: boolean
  /** The entries of tracing systems, as in W3C's `tracestate`. It is left out if there are none. */
  readonly state?: string
  /** The values that callers pass on to each other, as in W3C's `baggage`. It is left out if there are none. */
  readonly baggage?: string
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const SAMPLED_FLAG = 0b1

/**
 * Parses a `traceparent` header.
 *
 * @returns `null` if there is none, or if it cannot be read
 */
export function parseTraceparent(header: unknown): TraceContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(typeof header === 'string' ? header : '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return null
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED_FLAG) !== 0 }
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}
