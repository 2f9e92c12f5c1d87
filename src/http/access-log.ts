import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import type { Arrived } from './request-context.ts'
import { sentStatus } from './send-response.ts'

/** Writes one line for each request as soon as its response is closed. */
export function createAccessLog(log: Logger, clock: Clock) {
  // Each value of these lines is chosen below. A general redaction would cost more than the rest of a line.
  const requestLog = log.child({}, { redact: [] })

  return ({ request, response, requestId, arrivedAtMs, fields }: Arrived): void => {
    if (!requestLog.isLevelEnabled('info')) return
    response.once('close', () => {
      const status = sentStatus(request, response)
      // pino leaves out undefined fields. Each field is named here, because copying objects costs time in each request.
      const line = {
        requestId,
        method: request.method,
        status: status ?? undefined,
        aborted: status === null ? true : undefined,
        operation: fields.operation,
        operationName: fields.operationName,
        errorCodes: fields.errorCodes,
        streamEnd: fields.streamEnd,
        events: fields.events,
        ignoredDeadlines: fields.ignoredDeadlines,
        clientAddress: fields.clientAddress,
        callerIssuer: fields.callerIssuer,
        callerHash: fields.callerHash,
        traceId: fields.traceId,
        durationMs: Math.round(clock.monotonic() - arrivedAtMs),
      }
      requestLog.info(line, 'request')
    })
  }
}
