import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TraceContext } from '../base/trace-context.ts'
import { type ErrorCode, toErrorCode } from '../execution/error-codes.ts'
import type { ReportOutcome } from '../schema/context.ts'
import type { AccessLogFields } from './access-log.ts'
import { sentStatus } from './send-response.ts'
import { readTraceHeaders, type TraceHeaders } from './trace-headers.ts'

/** Whoever watches the requests for operations. Is told nothing that a caller chose but the place in a trace. */
export interface RequestObserver {
  /** @param sent what the caller says that it is a part of */
  arrived(sent: TraceHeaders): ObservedRequest
}

export interface ObservedRequest {
  /** What everything that is done for it is a part of. */
  readonly trace: TraceContext | null
  readonly settled: ReportOutcome
  ended(end: RequestEnd): void
}

export interface RequestEnd {
  /** HTTP. Null: the client had left. */
  readonly status: number | null
  /** Null: nothing was executed. */
  readonly operation: NonNullable<AccessLogFields['operation']> | null
  /** Of a trusted document alone: any other name is its caller's choice. */
  readonly operationName: string | null
  readonly method: string
  /** Each once. */
  readonly codes: readonly ErrorCode[]
}

/** What a request is a part of, and whom its outcomes are told to. Null: to nobody. */
export interface Observed {
  readonly trace: TraceContext | null
  readonly settled: ReportOutcome | null
}

/** Begins to watch a request, until its answer has left; nothing but its place in a trace where nobody does. */
export function observeRequest(
  observer: RequestObserver | null,
  request: IncomingMessage,
  response: ServerResponse,
  note: AccessLogFields,
): Observed {
  const sent = readTraceHeaders(request.headers)
  if (observer === null) return { trace: sent.parent, settled: null }
  const observed = observer.arrived(sent)
  if (observed.trace !== null) note.traceId = observed.trace.traceId
  response.once('close', () => {
    observed.ended({
      status: sentStatus(request, response),
      operation: note.operation ?? null,
      operationName: note.isTrustedDocument === true ? (note.operationName ?? null) : null,
      method: request.method ?? '',
      codes: (note.errorCodes ?? []).map(toErrorCode),
    })
  })
  return observed
}
