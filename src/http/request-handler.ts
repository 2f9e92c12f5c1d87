import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline } from '../base/deadline.ts'
import { UNEXPECTED } from '../execution/error-codes.ts'
import { createAccessLog } from './access-log.ts'
import type { CrossOrigin } from './cross-origin.ts'
import type { Arrived } from './request-context.ts'
import { toRequestedMs, toRequestId } from './request-headers.ts'
import { RequestRefused } from './request-refused.ts'
import { createRouter } from './router.ts'
import type { Routes } from './routes.ts'
import { sendRefusal } from './send-response.ts'
import { createTellQueuedResponses } from './tell-queued-responses.ts'

export interface RequestHandlerOptions {
  readonly clock: Clock
  readonly log: Logger
  /** Returns where a request came from, `null` if its connection has ended. */
  readonly clientAddress: (request: IncomingMessage) => string | null
  readonly crossOrigin: CrossOrigin
  /** The time of a request that asks for no less. */
  readonly requestDeadlineMs: number
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
  requestDeadlineMs,
  routes,
}: RequestHandlerOptions) {
  const logWhenClosed = createAccessLog(log, clock)
  const findRoute = createRouter(routes)
  const tellQueuedResponses = createTellQueuedResponses()
  let ignoredDeadlines = 0

  async function handle(arrived: Arrived): Promise<void> {
    const { method, url } = arrived.request
    if (method === 'OPTIONS' && crossOrigin.servePreflight(arrived) === 'SERVED') return
    const routed = findRoute(method, url)
    if (routed.kind === 'REFUSED') throw routed.refused
    await routed.handle({ ...arrived, target: routed.target, deadline: startDeadline(arrived) })
  }

  /** A caller may ask for less time. A malformed wish is ignored, and counted for the log. */
  function startDeadline({ request, fields }: Arrived): Deadline {
    const wish = toRequestedMs(request.headers)
    if (wish === 'MALFORMED') fields.ignoredDeadlines = ++ignoredDeadlines
    return createDeadline(
      typeof wish === 'number' ? Math.min(wish, requestDeadlineMs) : requestDeadlineMs,
      clock,
    )
  }

  function refuse({ request, response, requestId, fields }: Arrived, error: unknown): void {
    if (request.errored !== null) return
    const refused = error instanceof RequestRefused ? error : null
    if (refused === null) log.error({ requestId, err: error }, 'unexpected error')
    else fields.errorCodes = [refused.code]
    const sent = refused ?? new RequestRefused(500, UNEXPECTED, 'Unexpected error.')
    sendRefusal(request, response, requestId, sent)
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    tellQueuedResponses(request, response)
    const arrived: Arrived = {
      request,
      response,
      requestId: toRequestId(request.headers),
      arrivedAtMs: clock.monotonic(),
      fields: { clientAddress: clientAddress(request) ?? undefined },
    }
    response.setHeader('x-request-id', arrived.requestId)
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value)
    crossOrigin.setHeaders(request, response)
    logWhenClosed(arrived)
    handle(arrived).catch((error: unknown) => refuse(arrived, error))
  }
}

/** The headers of every response. Clients do not store, frame or sniff a response, and send no referrer. */
const SECURITY_HEADERS = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
] as const
