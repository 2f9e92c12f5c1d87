import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { UNEXPECTED } from '../execution/error-codes.ts'
import { type AccessLogFields, createAccessLog } from './access-log.ts'
import type { CrossOrigin } from './cross-origin.ts'
import type { RequestContext } from './request-context.ts'
import type { StartDeadline } from './request-deadline.ts'
import { toRequestId } from './request-id.ts'
import { RequestRefused } from './request-refused.ts'
import { setSecurityHeaders } from './response-headers.ts'
import { createRouter } from './router.ts'
import type { Routes } from './routes.ts'
import { sendRefusal } from './send-response.ts'

export interface RequestHandlerOptions {
  readonly clock: Clock
  readonly log: Logger
  /** Returns where a request came from, `null` if its connection has ended. */
  readonly clientAddress: (request: IncomingMessage) => string | null
  readonly crossOrigin: CrossOrigin
  readonly startDeadline: StartDeadline
  readonly routes: Routes
}

/**
 * Handles every request of the server, in this order:
 *
 * 1. the request id and the headers of every response
 * 2. the line in the log
 * 3. preflights
 * 4. the route
 * 5. the deadline
 * 6. the work
 *
 * A refusal by any stage is sent as a GraphQL error.
 */
export function createRequestHandler({
  clock,
  log,
  clientAddress,
  crossOrigin,
  startDeadline,
  routes,
}: RequestHandlerOptions) {
  const logWhenClosed = createAccessLog(log, clock)
  const findRoute = createRouter(routes)

  async function handle(arrived: Omit<RequestContext, 'target' | 'deadline'>): Promise<void> {
    const { request, fields } = arrived
    if (crossOrigin.servePreflight(arrived) === 'SERVED') return
    const routed = findRoute(request.method, request.url)
    if (routed.kind === 'REFUSED') throw routed.refused
    await routed.handle({ ...arrived, target: routed.target, deadline: startDeadline(request, fields) })
  }

  function refuse(
    { request, response, requestId, fields }: Omit<RequestContext, 'target' | 'deadline'>,
    error: unknown,
  ): void {
    if (request.errored !== null) return
    const refused = error instanceof RequestRefused ? error : null
    if (refused === null) log.error({ requestId, err: error }, 'unexpected error')
    else fields.errorCodes = [refused.code]
    const sent = refused ?? new RequestRefused(500, UNEXPECTED, 'Unexpected error.')
    sendRefusal(request, response, requestId, sent)
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = toRequestId(request.headers['x-request-id'])
    const fields: AccessLogFields = { clientAddress: clientAddress(request) ?? undefined }
    const arrived = { request, response, requestId, fields }
    response.setHeader('x-request-id', requestId)
    setSecurityHeaders(response)
    crossOrigin.setHeaders(request, response)
    logWhenClosed(request, response, requestId, fields)
    handle(arrived).catch((error: unknown) => refuse(arrived, error))
  }
}
