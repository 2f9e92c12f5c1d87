import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { GraphqlResponse } from './graphql-over-http.ts'
import { isShort } from './json-body.ts'
import type { RequestRefused } from './request-refused.ts'
import { isJsonType, negotiate } from './response-type.ts'

/** A client that does not read its response holds memory. It has this long. */
const MAX_READ_MS = 10_000

/** Sends the refusal of a request that GraphQL has not seen. A response that has begun can only be cut off. */
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

/** Sends what a probe asks for. */
export function sendStatus(response: ServerResponse, httpStatus: number, body: object): void {
  send(response, httpStatus, { 'content-type': 'application/json' }, JSON.stringify(body))
}

/**
 * Returns the status that the client was sent, once the response is closed. `null` if the client had left and saw none;
 * what it asked for may still be under way. Node calls a response finished as well whose connection ended in the middle.
 */
export function sentStatus(request: IncomingMessage, response: ServerResponse): number | null {
  return response.writableFinished && !request.socket.destroyed ? response.statusCode : null
}

/** Sends the result of an operation, and resolves when all of it is written or the client has left. */
export async function sendGraphqlResponse(
  response: ServerResponse,
  { httpStatus, headers, body }: GraphqlResponse,
): Promise<void> {
  if (typeof body === 'string') send(response, httpStatus, headers, body)
  else await sendStream(response, httpStatus, headers, body)
}

/** Sends a response as a whole: a text leaves together with its headers. */
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

/** Called when the response has been written, as far as the system has taken it. */
function dropUnlessRead(response: ServerResponse): void {
  if (response.closed || response.socket?.writableLength === 0) return
  const timer = setTimeout(() => response.destroy(), MAX_READ_MS)
  response.once('close', () => clearTimeout(timer))
}

/**
 * Sends each part as it comes, as fast as the client reads. When the client leaves, the stream is cancelled, so that
 * nobody goes on making parts.
 */
async function sendStream(
  response: ServerResponse,
  httpStatus: number,
  headers: Readonly<Record<string, string>>,
  stream: ReadableStream<Uint8Array>,
): Promise<void> {
  for (const name in headers) response.setHeader(name, headers[name] ?? '')
  response.writeHead(httpStatus)
  response.flushHeaders()
  const watch = setInterval(dropIfStuck(response), MAX_READ_MS)
  try {
    await pipeline(stream, response)
  } catch (error) {
    if (!isPrematureClose(error)) throw error
  } finally {
    clearInterval(watch)
  }
}

/** Ends the connection of a client that has read nothing of what waits for it since the last look. */
function dropIfStuck(response: ServerResponse): () => void {
  let read = -1
  return () => {
    const { bytesWritten = 0, writableLength = 0 } = response.socket ?? {}
    if (writableLength > 0 && bytesWritten - writableLength === read) response.destroy()
    read = bytesWritten - writableLength
  }
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
