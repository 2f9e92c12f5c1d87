import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { type Clock, every } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import type { InFlightRequests } from './in-flight-requests.ts'

/** The way from serving to having stopped. */
export interface GracefulShutdown {
  readonly hasBegun: boolean
  /** From now on each connection ends with its next answer. Requests and new connections are still taken. */
  begin(): void
  /**
   * Takes no more connections and resolves when every answer has left and every operation has ended, also those
   * whose clients have gone. What is not over after `limitMs` is cut off.
   *
   * @returns how many operations were cut off
   */
  finish(limitMs: number): Promise<number>
}

/** A connection on which nothing has come for so long was opened for later, as browsers do. */
const MAX_SILENT_MS = 1_000
/** How often connections that have become idle are closed. */
const IDLE_SWEEP_MS = 50
/** Clients may come faster than they can be answered; in the end the door is shut in their faces. */
const MAX_ACCEPTING_MS = 5_000

interface Connection {
  readonly silence: Deadline
  /**
   * The answer to the last request that came on it. Kept with the connection, since a set of all answers would be
   * rebuilt all the time, and V8 keeps what such a set held until its next full collection.
   */
  latest: ServerResponse | null
}

/** To be made before the server has another listener for requests. */
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
      const closed = new Promise<void>(resolve => http.close(() => resolve()))
      // A connection whose last answer had begun before does not know that it was the last.
      const sweep = every(clock, IDLE_SWEEP_MS, () => void closeIdle())
      await within(createDeadline(limitMs, clock), Promise.all([closed, inFlightRequests.idle()]), () => null)
      sweep.cancel()
      http.closeAllConnections()
      return inFlightRequests.underWay
    },
  }

  /** Right after the loop has read what was there to be read: what has just come in would be lost. */
  async function closeIdle(): Promise<void> {
    await setImmediate()
    http.closeIdleConnections()
    // Node counts those on which nothing has ever come as busy.
    for (const [socket, { silence }] of connections) {
      if (socket.bytesRead === 0 && silence.remainingMs() <= 0) socket.destroy()
    }
  }
}

/**
 * Waits until no connection is left that the system has made and this process has not taken, since closing the
 * listener would reset it with the request that it may hold. The loop takes one in each of its turns: after one
 * without a connection there was none.
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
