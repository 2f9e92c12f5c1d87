import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { type Clock, every } from '../../base/clock.ts'
import { COMPLETE, HEARTBEAT, toEvent } from './event-frames.ts'

/**
 * Says why a stream of events has ended.
 *
 * - `COMPLETE`: there are no more events, or the client was too far behind.
 * - `TOKEN_EXPIRED`: the caller's token has ended.
 * - `MAX_AGE`: the stream was open for as long as one may be.
 * - `STOPPING`: the server stops.
 * - `SLOW_READER`: the client read too slowly, and was cut off.
 * - `CLIENT_LEFT`
 */
export type StreamEnd = 'COMPLETE' | 'TOKEN_EXPIRED' | 'MAX_AGE' | 'STOPPING' | 'SLOW_READER' | 'CLIENT_LEFT'

/** How a stream went. */
export interface SentEvents {
  readonly end: StreamEnd
  /** The number of events that were written. */
  readonly events: number
}

export interface SendEventsOptions {
  /** When the token of the caller ends, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** Takes the function that ends the stream because the server stops. */
  readonly onStop: (end: () => void) => void
  /** Called as soon as it is known how the stream went, before the response is closed. */
  readonly onEnd: (sent: SentEvents) => void
  readonly clock: Clock
}

/** Proxies end a connection that is silent for longer than some 15 to 60 s. */
const HEARTBEAT_MS = 12_000
/** The stream ends even if the token lasts longer, because somebody may have withdrawn it. */
const MAX_AGE_MS = 15 * 60_000
/** Events that a client has not read hold memory. A single event may be larger. */
const MAX_UNSENT_BYTES = 64 * 1_024
/** The time in which a client that reads has fewer unread bytes again. */
const CATCH_UP_MS = 5_000
/** The time in which a client has to read the last event. */
const MAX_READ_MS = 10_000

const HEADERS = {
  'content-type': 'text/event-stream',
  // nginx would otherwise keep events back until it has a buffer full of them.
  'x-accel-buffering': 'no',
}

/**
 * Sends each result as soon as it is there, until there are no more, the client leaves, the token ends, or the server
 * stops. It resolves when the stream has ended and no result is being made.
 */
export async function sendEvents(
  response: ServerResponse,
  results: AsyncIterable<ExecutionResult>,
  { expiresAtMs, onStop, onEnd, clock }: SendEventsOptions,
): Promise<void> {
  const iterator = results[Symbol.asyncIterator]()
  let events = 0
  let hasEnded = false

  /** A clock that was set, or a machine that slept, makes a timer late. */
  function write(text: string): void {
    if (hasEnded || response.destroyed) return
    if (clock.now() >= expiresAtMs) end('TOKEN_EXPIRED')
    else response.write(text)
  }

  /**
   * Waits for a client that has much to read, and cuts it off if it does not read. Only time tells the two apart: right
   * after a large event every client has all of it unread. Further events wait until then.
   */
  async function untilRead(): Promise<void> {
    if (hasEnded || response.writableLength <= MAX_UNSENT_BYTES) return
    await new Promise<void>(resolve => {
      const timer = clock.after(CATCH_UP_MS, () => {
        if (!hasEnded && response.writableLength > MAX_UNSENT_BYTES) cutOff()
        goOn()
      })
      function goOn(): void {
        timer.cancel()
        response.off('drain', goOn).off('close', goOn)
        resolve()
      }
      response.once('drain', goOn).once('close', goOn)
    })
  }

  function cutOff(): void {
    conclude('SLOW_READER')
    response.destroy()
  }

  /** Ends the stream with the event that says so to the client. */
  function end(reason: StreamEnd): void {
    if (hasEnded) return
    conclude(reason)
    response.end(COMPLETE)
    const timer = clock.after(MAX_READ_MS, () => response.destroy())
    response.once('close', () => timer.cancel())
  }

  function conclude(reason: StreamEnd): void {
    if (hasEnded) return
    hasEnded = true
    heartbeat.cancel()
    life.cancel()
    onEnd({ end: reason, events })
    iterator.return?.().catch(() => {})
  }

  const leftMs = expiresAtMs - clock.now()
  const heartbeat = every(clock, HEARTBEAT_MS, () => write(HEARTBEAT))
  const life = clock.after(Math.max(0, Math.min(leftMs, MAX_AGE_MS)), () =>
    end(leftMs < MAX_AGE_MS ? 'TOKEN_EXPIRED' : 'MAX_AGE'),
  )
  // Before the listener that writes the line in the log.
  response.prependOnceListener('close', () => conclude('CLIENT_LEFT'))
  if (response.destroyed) conclude('CLIENT_LEFT')
  else {
    response.writeHead(200, HEADERS)
    // Some clients take no note of a response before its first byte.
    response.write(HEARTBEAT)
  }
  onStop(() => end('STOPPING'))
  try {
    for (let next = await iterator.next(); !hasEnded && !next.done; next = await iterator.next()) {
      write(toEvent(next.value))
      if (!hasEnded) events++
      await untilRead()
    }
    end('COMPLETE')
  } catch (error) {
    conclude('COMPLETE')
    throw error
  }
}
