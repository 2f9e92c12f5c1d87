import type { Observer } from '../base/observer.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { Span } from '../base/tracer.ts'
import { type ErrorCode, toErrorCode } from '../execution/error-codes.ts'
import type { ReportOutcome } from '../schema/context.ts'
import type { AccessLogFields, Arrived } from './request-context.ts'
import { readTraceHeaders } from './request-headers.ts'
import { sentStatus } from './send-response.ts'

/** The events of a request. They hold nothing that a caller chose, except the place in a trace. */
export interface HttpEvents {
  /** A root field has ended, with its outcome as `ReportOutcome` names it. */
  rootField: { readonly field: string; readonly outcome: string; readonly span: Span | null }
  /** A request for an operation has ended. Its response has been sent, or its client has left. */
  request: RequestEnd
}

export interface RequestEnd {
  /** The HTTP status, or `null` if the client had left. */
  readonly status: number | null
  /** `null` if nothing was executed. */
  readonly operation: NonNullable<AccessLogFields['operation']> | null
  /** The name of a trusted document only. Any other name is its caller's choice. */
  readonly operationName: string | null
  readonly method: string
  /** Each code appears a single time. */
  readonly codes: readonly ErrorCode[]
  /** The time from the arrival of the request. */
  readonly seconds: number
  readonly span: Span | null
}

export type RequestObserver = Observer<HttpEvents>

/** The trace of a request, and the function that takes its outcomes. */
export interface Observed {
  /** `null` if the request is a part of no trace. */
  readonly trace: TraceContext | null
  /** `null` if nobody listens. */
  readonly settled: ReportOutcome | null
}

/**
 * Begins to observe a request, until its response has been sent. If nobody listens, only its place in a trace is read.
 */
export function observeRequest(
  { events, tracer, clock }: RequestObserver,
  { request, response, arrivedAtMs, fields }: Arrived,
): Observed {
  const sent = readTraceHeaders(request.headers)
  if (!events.isHeard('request')) return { trace: sent.parent, settled: null }
  const span = tracer?.beginRequest(sent) ?? null
  const trace = span?.context ?? sent.parent
  if (trace !== null) fields.traceId = trace.traceId
  response.once('close', () => {
    events.emit('request', {
      status: sentStatus(request, response),
      operation: fields.operation ?? null,
      operationName: fields.isTrustedDocument === true ? (fields.operationName ?? null) : null,
      method: request.method ?? '',
      codes: (fields.errorCodes ?? []).map(toErrorCode),
      seconds: (clock.monotonic() - arrivedAtMs) / 1_000,
      span,
    })
  })
  return { trace, settled: (field, outcome) => events.emit('rootField', { field, outcome, span }) }
}
