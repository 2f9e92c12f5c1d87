import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type Clock, startTimer } from '../base/clock.ts'
import type { OperationFacts } from '../execution/operation-facts.ts'
import { sentStatus } from './send-response.ts'

/** The facts of one request for the log. They never hold a variable, a literal or the document. */
export interface AccessLogFields extends OperationFacts {
  /** `true` if the document is in the operator's list. */
  isTrustedDocument?: boolean
  /** The number of requests to this process so far whose `x-request-deadline-ms` was malformed, including this one. */
  ignoredDeadlines?: number
  /** The id of the trace that this process records. */
  traceId?: string
  /** The address that the request came from, as seen through trusted proxies. */
  clientAddress?: string | undefined
  /** The issuer of the token, once it was found good. */
  callerIssuer?: string
  /** Replaces the token's subject, which may be an e-mail address. */
  callerHash?: string
}

/** Writes one line for each request as soon as its response is closed. */
export function createAccessLog(log: Logger, clock: Clock) {
  // Each value of these lines is chosen below. A general redaction would cost more than the rest of a line.
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

/** Fields that are undefined are not written. They are spelled out, because this runs for every request. */
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
