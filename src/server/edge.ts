import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLParams } from 'graphql-yoga'
import type { Logger } from 'pino'
import { RequestRefused, readGetParams, readPostParams } from './graphql-params.ts'
import { toRequestId } from './request-id.ts'
import type { OperationNote } from './use-operation-log.ts'

/** A request that has passed the edge. */
export interface AcceptedRequest {
  readonly params: GraphQLParams
  readonly requestId: string
  readonly note: OperationNote
}

export interface EdgeOptions {
  readonly log: Logger
  /** Null: the page is off. */
  readonly graphiqlPage: (() => Promise<Buffer>) | null
  readonly isDraining: () => boolean
  /** Answers a GraphQL request whose parameters have been read. */
  readonly answer: (
    request: IncomingMessage,
    response: ServerResponse,
    accepted: AcceptedRequest,
  ) => Promise<void>
}

/**
 * Everything that every way in passes once: the request id, the routes, the rules for bodies, the log line.
 * Behind it a request is GraphQL parameters, however it came.
 */
export function createEdge({ log, graphiqlPage, isDraining, answer }: EdgeOptions) {
  async function route(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    note: OperationNote,
  ) {
    const url = toUrl(request)
    if (url?.pathname === '/health' && (request.method === 'GET' || request.method === 'HEAD')) {
      return send(response, 200, 'application/json', Buffer.from('{"status":"ok"}'))
    }
    if (url?.pathname !== '/graphql') throw new RequestRefused(404, 'NOT_FOUND', 'There is nothing here.')
    if (request.method === 'GET' && graphiqlPage !== null && wantsPage(request, url)) {
      return send(response, 200, 'text/html; charset=utf-8', await graphiqlPage())
    }
    const params = await readParams(request, url)
    await answer(request, response, { params, requestId, note })
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAtMs = performance.now()
    const requestId = toRequestId(request.headers['x-request-id'])
    const note: OperationNote = {}
    response.setHeader('x-request-id', requestId)
    response.setHeader('cache-control', 'no-store')
    if (isDraining()) response.setHeader('connection', 'close')
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAtMs)
      // A client that has left saw no status, and what it asked for may still be under way.
      const end = response.writableFinished ? { status: response.statusCode } : { aborted: true }
      log.info({ requestId, method: request.method, ...end, ...note, durationMs }, 'request')
    })
    route(request, response, requestId, note).catch((error: unknown) => {
      if (request.errored !== null) return
      const refused = error instanceof RequestRefused ? error : null
      if (refused === null) log.error({ requestId, err: error }, 'unexpected error')
      else note.errorCodes = [refused.code]
      refuse(
        request,
        response,
        refused ?? new RequestRefused(500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.'),
      )
    })
  }
}

function toUrl(request: IncomingMessage): URL | null {
  return URL.canParse(request.url ?? '', 'http://localhost')
    ? new URL(request.url ?? '', 'http://localhost')
    : null
}

function wantsPage(request: IncomingMessage, url: URL): boolean {
  return !url.searchParams.has('query') && (request.headers.accept ?? '').includes('text/html')
}

async function readParams(request: IncomingMessage, url: URL): Promise<GraphQLParams> {
  switch (request.method) {
    case 'POST':
      return readPostParams(request)
    case 'GET':
      return readGetParams(url)
    default:
      throw new RequestRefused(405, 'METHOD_NOT_ALLOWED', 'Send POST, or GET for a query.')
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, refused: RequestRefused): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const wantsNewType = (request.headers.accept ?? '').includes('application/graphql-response+json')
  const type = wantsNewType ? 'application/graphql-response+json' : 'application/json'
  const error = { message: refused.message, extensions: { code: refused.code } }
  if (refused.httpStatus === 405) response.setHeader('allow', 'GET, POST')
  // A body that was not read to its end would be taken for the next request on this connection.
  if (!request.complete) response.setHeader('connection', 'close')
  send(
    response,
    refused.httpStatus,
    `${type}; charset=utf-8`,
    Buffer.from(JSON.stringify({ errors: [error] })),
  )
}

function send(response: ServerResponse, httpStatus: number, contentType: string, body: Buffer): void {
  response.writeHead(httpStatus, { 'content-type': contentType, 'content-length': body.length })
  response.end(body)
}
