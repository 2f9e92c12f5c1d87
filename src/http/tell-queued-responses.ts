import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Returns the function that must see each request as it arrives. Requests may come on one connection before the first
 * of them has its response. When such a connection ends, Node closes the response that is being sent, and never those
 * that wait behind it. They are closed here, so that the parts that wait for their end learn of it.
 */
export function createTellQueuedResponses(): (request: IncomingMessage, response: ServerResponse) => void {
  const queuedOn = new WeakMap<Socket, Set<ServerResponse>>()

  function queuedResponses(socket: Socket): Set<ServerResponse> {
    const known = queuedOn.get(socket)
    if (known !== undefined) return known
    const queued = new Set<ServerResponse>()
    queuedOn.set(socket, queued)
    socket.once('close', () => {
      for (const response of queued) close(response)
    })
    return queued
  }

  return ({ socket }, response) => {
    // Node gives the connection to a response when the one before it has been sent.
    if (response.socket !== null) return
    const queued = queuedResponses(socket)
    queued.add(response)
    response.once('close', () => queued.delete(response))
  }
}

/** Node closes a response that it had given the connection to. */
function close(response: ServerResponse): void {
  if (response.socket !== null || response.closed || response.writableFinished) return
  response.destroy()
  response.emit('close')
}
