import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { isShort } from './json-body.ts'
import type { RequestRefused } from './request-refused.ts'
import { isJsonType, negotiate } from './response-type.ts'

/** A client that does not read its response holds memory. It has this long to read. */
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
  // Node must read the rest of a body, and drop it, before the next request on this connection. That is not
  // worth it for a long body. It is for a short one, because a new connection costs more, most of all under
  // load. Whether Node has all of it by now depends on time, and on the size of its buffers.
  if (!request.readableEnded && !isShort(request)) response.setHeader('connection', 'close')
  const headers = { 'content-type': `${type}; charset=utf-8`, ...refused.headers }
  send(response, refused.httpStatus, headers, JSON.stringify({ errors: [error] }))
}

/** Sends the status that a probe asks for. */
export function sendStatus(response: ServerResponse, httpStatus: number, body: object): void {
  send(response, httpStatus, { 'content-type': 'application/json' }, JSON.stringify(body))
}

/**
 * Returns the status that the client was sent, once the response is closed. It is `null` if the client had left and saw
 * none. Its operation may still be under way. Node also calls a response finished if its connection ended in the
 * middle.
 */
export function sentStatus(request: IncomingMessage, response: ServerResponse): number | null {
  return response.writableFinished && !request.socket.destroyed ? response.statusCode : null
}

/**
 * Sends a response as a whole. The body is sent together with the headers. A client that does not read it is dropped,
 * unless the system has taken all of it.
 */
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
  if (response.closed || response.socket?.writableLength === 0) return
  const timer = setTimeout(() => response.destroy(), MAX_READ_MS)
  response.once('close', () => clearTimeout(timer))
}

/**
 * Sends each part as it comes, as fast as the client reads. When the client leaves, the stream is cancelled, so that no
 * more parts are made.
 */
export async function sendStream(
  response: ServerResponse,
  httpStatus: number,
  headers: Readonly<Record<string, string>>,
  stream: AsyncIterable<string | Uint8Array>,
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

/** Ends the connection of a client that has read none of the waiting data since the last look. */
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
