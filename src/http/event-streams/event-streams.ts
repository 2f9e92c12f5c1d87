import type { Clock } from '../../base/clock.ts'
import { RequestRefused } from '../request-refused.ts'

/** The most streams of events that are open at the same time. */
export interface EventStreamLimits {
  readonly perCaller: number
  readonly perProcess: number
}

/** The place of one request among the streams of events. */
export interface StreamPlace {
  /** Takes the place, if there is one. It is called when the operation turns out to be a subscription. */
  admit(): 'ADMITTED' | 'REFUSED'
  /** Says why there is no place. `null` if none was refused. */
  readonly refused: RequestRefused | null
  /** Calls `end` when the server stops. There is one function for each place. */
  onStop(end: () => void): void
  /** Gives the place back. It may be called twice, and without a place. */
  release(): void
}

/** The facts of a request on which its admission depends. */
export interface StreamRequest {
  readonly callerKey: string
  /** When the caller's token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** Returns `true` if the client can read events. It is asked for subscriptions alone. */
  readonly mayHaveEvents: () => boolean
}

/** The streams of events of this process. */
export interface EventStreams {
  forRequest(request: StreamRequest): StreamPlace
  readonly open: number
  /** Ends every stream, and refuses those that come. */
  stop(): void
}

const ONLY_AS_STREAM = new RequestRefused(
  406,
  'NOT_ACCEPTABLE',
  'Nothing was done: the results of a subscription come one after another. Name text/event-stream in the Accept header.',
)
/** Its stream would end immediately, again and again. The clocks of servers differ, so tokens are good for a little longer. */
const TOKEN_HAS_ENDED = new RequestRefused(
  401,
  'UNAUTHENTICATED',
  'The token has ended, and a subscription ends with its token. Send a new one.',
  { 'www-authenticate': 'Bearer error="invalid_token"' },
)
const STOPPING = new RequestRefused(
  503,
  'OVERLOADED',
  'This server is stopping, and begins no subscription. Nothing was done; try again later.',
)
const NO_ROOM = new RequestRefused(
  503,
  'OVERLOADED',
  'Too many subscriptions are open in this process. Nothing was done; try again later.',
)
const TOO_MANY_OF_CALLER = new RequestRefused(
  429,
  'TOO_MANY_STREAMS',
  'Too many subscriptions of this caller are open. Nothing was done; end one of them, then try again.',
)

/** Counts streams. They cost memory for as long as they are open, but hardly any time, so they are not in flight. */
export function createEventStreams(
  { perCaller, perProcess }: EventStreamLimits,
  clock: Pick<Clock, 'now'>,
): EventStreams {
  const places = new Set<Place>()
  const openOf = new Map<string, number>()
  let isStopping = false

  class Place implements StreamPlace {
    refused: RequestRefused | null = null
    readonly #request: StreamRequest
    #end = () => {}

    constructor(request: StreamRequest) {
      this.#request = request
    }

    admit() {
      const { callerKey, expiresAtMs, mayHaveEvents } = this.#request
      const openOfCaller = openOf.get(callerKey) ?? 0
      if (!mayHaveEvents()) this.refused = ONLY_AS_STREAM
      else if (expiresAtMs <= clock.now()) this.refused = TOKEN_HAS_ENDED
      else if (isStopping) this.refused = STOPPING
      else if (openOfCaller >= perCaller) this.refused = TOO_MANY_OF_CALLER
      else if (places.size >= perProcess) this.refused = NO_ROOM
      if (this.refused !== null) return 'REFUSED'
      places.add(this)
      openOf.set(callerKey, openOfCaller + 1)
      return 'ADMITTED'
    }

    onStop(end: () => void) {
      this.#end = end
      if (isStopping) end()
    }

    release() {
      if (!places.delete(this)) return
      const { callerKey } = this.#request
      const left = (openOf.get(callerKey) ?? 0) - 1
      if (left > 0) openOf.set(callerKey, left)
      else openOf.delete(callerKey)
    }

    stop() {
      this.#end()
    }
  }

  return {
    forRequest: request => new Place(request),
    get open() {
      return places.size
    },
    stop() {
      isStopping = true
      for (const place of places) place.stop()
    },
  }
}
