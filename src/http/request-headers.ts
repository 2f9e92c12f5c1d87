import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { parseTraceparent, type TraceContext } from '../base/trace-context.ts'

const REQUEST_ID = /^[\w.:-]{1,128}$/

/** Returns the caller's `x-request-id` if it is a plain token of at most 128 characters, and a new id otherwise. */
export function toRequestId({ 'x-request-id': sent }: IncomingHttpHeaders): string {
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : randomUUID()
}

/** Nine digits are eleven days. A larger number might not be kept exactly. */
const WHOLE_MS = /^0*[1-9]\d{0,8}$/

/**
 * Returns the time that a request asks for in `x-request-deadline-ms`, in whole milliseconds from 1. `null` if it asks
 * for none, and `MALFORMED` for any other value.
 */
export function toRequestedMs({ 'x-request-deadline-ms': sent }: IncomingHttpHeaders) {
  if (sent === undefined) return null
  return typeof sent === 'string' && WHOLE_MS.test(sent) ? Number(sent) : 'MALFORMED'
}

/** The trace that a request says it is a part of. */
export interface TraceHeaders {
  /** `null` if the request is a part of no trace. */
  readonly parent: TraceContext | null
  /** The values that callers pass to each other. `null` if there is nothing that could be sent on. */
  readonly baggage: string | null
}

/** Visible ASCII. The W3C's recommendation asks for at least this many characters. */
const BAGGAGE = /^[\x20-\x7e\t]{1,8192}$/

/** Reads `traceparent`, `tracestate` and `baggage`. A `tracestate` counts only together with a valid `traceparent`. */
export function readTraceHeaders({ traceparent, tracestate, baggage }: IncomingHttpHeaders): TraceHeaders {
  const parent = traceparent === undefined ? null : parseTraceparent(traceparent)
  return {
    parent: parent === null || typeof tracestate !== 'string' ? parent : { ...parent, state: tracestate },
    baggage: typeof baggage === 'string' && BAGGAGE.test(baggage) ? baggage : null,
  }
}

/**
 * Returns `true` if a header was sent no more than once. Node keeps the first of some headers and silently drops the
 * others. Another reader of the same request may keep the last.
 *
 * @param name in lower case
 */
export function isSentOnce({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): boolean {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? ''
    if (sent.length === name.length && sent.toLowerCase() === name) count++
  }
  return count <= 1
}
