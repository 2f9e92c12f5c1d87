import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { type Clock, every } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import type { InFlightRequests } from './in-flight-requests.ts'

/** Takes the server from serving to having stopped. */
export interface GracefulShutdown {
  readonly hasBegun: boolean
  /** Ends each connection with its next response from now on. Requests and new connections are still accepted. */
  begin(): void
  /**
   * Accepts no more connections. It resolves when every response has been sent and every operation has ended, also
   * those whose clients have left. Work that is not over after `limitMs` is cut off.
   *
   * @returns how many operations were cut off
   */
  finish(limitMs: number): Promise<number>
}

/** A connection that stays silent this long was opened for later use, as browsers do. */
const MAX_SILENT_MS = 1_000
/** How often connections that have become idle are closed. */
const IDLE_SWEEP_MS = 50
/** Clients may connect faster than the server can respond. After this time new connections are no longer accepted. */
const MAX_ACCEPTING_MS = 5_000

interface Connection {
  readonly silence: Deadline
  /**
   * The response to the last request on the connection. It is kept with the connection, because a set of all responses
   * would be rebuilt all the time. V8 keeps the contents of a rebuilt set until its next full collection.
   */
  latest: ServerResponse | null
}

/** Must be called before the server has another listener for requests. */
export function createGracefulShutdown(
  http: Server,
  inFlightRequests: InFlightRequests,
  clock: Clock,
): GracefulShutdown {
  const connections = new Map<Socket, Connection>()
  let hasBegun = false

  http.on('connection', socket => {
    connections.set(socket, { silence: createDeadline(MAX_SILENT_MS, clock), latest: null })
    socket.once('close', () => connections.delete(socket))
  })
  http.on('request', ({ socket }, response) => {
    const connection = connections.get(socket)
    if (connection !== undefined) connection.latest = response
    if (hasBegun) response.setHeader('connection', 'close')
  })

  function begin(): void {
    hasBegun = true
    for (const { latest } of connections.values()) {
      if (latest?.headersSent === false) latest.setHeader('connection', 'close')
    }
  }

  return {
    get hasBegun() {
      return hasBegun
    },
    begin,
    async finish(limitMs) {
      begin()
      await acceptAll(http, clock)
      const closed = stopListening(http)
      void closeIdle()
      // A connection whose last response had begun before does not know that it was the last.
      const sweep = every(clock, IDLE_SWEEP_MS, () => void closeIdle())
      await within(createDeadline(limitMs, clock), Promise.all([closed, inFlightRequests.idle()]), () => null)
      sweep.cancel()
      http.closeAllConnections()
      // Ends what Node looks after while a server listens.
      http.close(() => {})
      return inFlightRequests.underWay
    },
  }

  /**
   * Closes idle connections right after the event loop has read the available data. A request that has just arrived
   * would otherwise be lost.
   */
  async function closeIdle(): Promise<void> {
    await setImmediate()
    // Node counts a connection as idle although the system has not taken all of its response yet.
    if ([...connections.values()].some(isSending)) return
    http.closeIdleConnections()
    // Node counts connections on which nothing has ever come as busy.
    for (const [socket, { silence }] of connections) {
      if (socket.bytesRead === 0 && silence.remainingMs() <= 0) socket.destroy()
    }
  }
}

/** A client that does not read its response is dropped by the part that sends it. */
function isSending({ latest }: Connection): boolean {
  return latest?.writableEnded === true && !latest.writableFinished && !latest.destroyed
}

/**
 * Accepts no more connections, and resolves when there is none. The server's own function would destroy idle ones first,
 * and with them what is left of their responses.
 */
function stopListening(http: Server): Promise<void> {
  return new Promise(resolve => NetServer.prototype.close.call(http, () => resolve()))
}

/**
 * Waits until this process has accepted every connection that the system has made. Closing the listener would reset
 * such a connection, with the request that it may hold. The event loop accepts one connection in each round. After a
 * round without a connection, none was left.
 */
async function acceptAll(http: Server, clock: Clock): Promise<void> {
  const deadline = createDeadline(MAX_ACCEPTING_MS, clock)
  let hasAccepted = true
  const onConnection = () => {
    hasAccepted = true
  }
  http.on('connection', onConnection)
  while (hasAccepted && deadline.remainingMs() > 0) {
    hasAccepted = false
    await setImmediate()
    await setImmediate()
  }
  http.off('connection', onConnection)
}
