import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type Clock, startTimer } from '../base/clock.ts'
import type { OperationFacts } from '../execution/operation-facts.ts'
import { sentStatus } from './send-response.ts'

/** What the log says of one request. Never a variable, a literal or the document. */
export interface AccessLogFields extends OperationFacts {
  /** The document is one of a list of the operator's. */
  isTrustedDocument?: boolean
  /** Of this process so far: requests whose `x-request-deadline-ms` was malformed, this one included. */
  ignoredDeadlines?: number
  /** Of the trace that this process records. */
  traceId?: string
  /** Where the request came from, behind proxies that are trusted. */
  clientAddress?: string | undefined
  /** Of the token, once it was found good. */
  callerIssuer?: string
  /** In the place of the token's subject, which may be an e-mail address. */
  callerHash?: string
}

/** Writes one line for each request as soon as its response is closed. */
export function createAccessLog(log: Logger, clock: Clock) {
  // Each value of these lines is chosen below. The net for what comes along costs more than the rest of a line.
  const requestLog = log.child({}, { redact: [] })

  return (request: IncomingMessage, response: ServerResponse, requestId: string, fields: AccessLogFields) => {
    const toSeconds = startTimer(clock)
    response.once('close', () => {
      const durationMs = Math.round(toSeconds() * 1_000)
      const status = sentStatus(request, response)
      requestLog.info(toLine(requestId, request.method, status, fields, durationMs), 'request')
    })
  }
}

/** What is undefined is not written. Spelled out, since this is made for every request. */
function toLine(
  requestId: string,
  method: string | undefined,
  status: number | null,
  fields: AccessLogFields,
  durationMs: number,
) {
  return {
    requestId,
    method,
    status: status ?? undefined,
    aborted: status === null ? true : undefined,
    operation: fields.operation,
    operationName: fields.operationName,
    errorCodes: fields.errorCodes,
    ignoredDeadlines: fields.ignoredDeadlines,
    clientAddress: fields.clientAddress,
    callerIssuer: fields.callerIssuer,
    callerHash: fields.callerHash,
    traceId: fields.traceId,
    durationMs,
  }
}
