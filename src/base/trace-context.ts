/** Where a piece of work stands in a distributed trace, as W3C's `traceparent` says it. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits: the work that this one is a part of. */
  readonly spanId: string
  /** Whether whoever began the trace wants to see it. */
  readonly isSampled: boolean
  /** What tracing systems have put beside it, as W3C's `tracestate` says it. Left out: nothing. */
  readonly state?: string
  /** What callers pass to each other, as W3C's `baggage` says it. Left out: nothing. */
  readonly baggage?: string
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const SAMPLED_FLAG = 0b1

/** @returns `null` if there is no `traceparent`, or none that can be read */
export function parseTraceparent(header: unknown): TraceContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(typeof header === 'string' ? header : '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return null
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED_FLAG) !== 0 }
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}
