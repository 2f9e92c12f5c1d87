import type { IncomingMessage, ServerResponse } from 'node:http'
import { isShort } from './graphql-params.ts'
import type { RequestRefused } from './request-refused.ts'
import { isJsonType, negotiate } from './response-type.ts'

/** A client that does not read its answer holds memory; it has this long. */
const MAX_READ_MS = 10_000

/** Answers a request that GraphQL has not seen; an answer that has begun can only be cut off. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  refused: RequestRefused,
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const wanted = negotiate(request.headers.accept)
  const type = wanted.kind === 'TYPE' && isJsonType(wanted.type) ? wanted.type : 'application/json'
  const error = { message: refused.message, extensions: { code: refused.code, requestId } }
  // The rest of a body must be read, and dropped, before the next request on this connection. Node does that; it is
  // not worth it for a long one, but for a short one it is: a new connection costs more, and under load most of all.
  // Whether Node has the whole of it by now is a matter of time, and of the size of its buffers.
  if (!request.readableEnded && !isShort(request)) response.setHeader('connection', 'close')
  const headers = { 'content-type': `${type}; charset=utf-8`, ...refused.headers }
  send(response, refused.httpStatus, headers, JSON.stringify({ errors: [error] }))
}

/** A probe's answer. */
export function sendStatus(response: ServerResponse, httpStatus: number, body: object): void {
  send(response, httpStatus, { 'content-type': 'application/json' }, JSON.stringify(body))
}

/**
 * The status that the client was sent, once the answer is closed. Null: it had left, saw none, and what it asked for
 * may still be under way. Node calls an answer finished as well whose connection ended in the middle of it.
 */
export function sentStatus(request: IncomingMessage, response: ServerResponse): number | null {
  return response.writableFinished && !request.socket.destroyed ? response.statusCode : null
}

/** Every answer leaves this way, as a whole: a text leaves together with its headers. */
export function send(
  response: ServerResponse,
  httpStatus: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  for (const name in headers) response.setHeader(name, headers[name] ?? '')
  if (httpStatus !== 204) response.setHeader('content-length', Buffer.byteLength(body))
  response.writeHead(httpStatus)
  response.end(body)
  dropUnlessRead(response)
}

/** Called when the answer has been written, as far as the system has taken it. */
function dropUnlessRead(response: ServerResponse): void {
  if (response.closed || response.socket?.writableLength === 0) return
  const timer = setTimeout(() => response.destroy(), MAX_READ_MS)
  response.once('close', () => clearTimeout(timer))
}
