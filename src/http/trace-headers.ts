import type { IncomingHttpHeaders } from 'node:http'
import { parseTraceparent, type TraceContext } from '../base/trace-context.ts'

/** The trace that a request says it is a part of. */
export interface TraceHeaders {
  /** `null` if the request is a part of no trace. */
  readonly parent: TraceContext | null
  /** The values that callers pass to each other. `null` if there is nothing that could be sent on. */
  readonly baggage: string | null
}

/** The W3C's recommendation asks for at least this many characters. */
const MAX_BAGGAGE_CHARACTERS = 8_192

/** Reads `traceparent`, `tracestate` and `baggage`. A `tracestate` counts only together with a valid `traceparent`. */
export function readTraceHeaders(headers: IncomingHttpHeaders): TraceHeaders {
  const { traceparent, tracestate, baggage } = headers
  const parent = parseTraceparent(traceparent)
  return {
    parent: parent === null || typeof tracestate !== 'string' ? parent : { ...parent, state: tracestate },
    baggage: typeof baggage === 'string' && isFit(baggage) ? baggage : null,
  }
}

function isFit(baggage: string): boolean {
  return baggage.length <= MAX_BAGGAGE_CHARACTERS && /^[\x20-\x7e\t]+$/.test(baggage)
}
