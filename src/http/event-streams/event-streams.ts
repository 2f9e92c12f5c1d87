import { RequestRefused } from '../request-refused.ts'
import type { ResponseType } from '../response-type.ts'

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

/** The streams of events of this process. */
export interface EventStreams {
  forRequest(callerKey: string, type: ResponseType): StreamPlace
  readonly open: number
  /** Ends every stream, and refuses those that come. */
  stop(): void
}

const ONLY_AS_STREAM = new RequestRefused(
  406,
  'NOT_ACCEPTABLE',
  'Nothing was done: the results of a subscription come one after another. Name text/event-stream in the Accept header.',
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
export function createEventStreams({ perCaller, perProcess }: EventStreamLimits): EventStreams {
  const places = new Set<Place>()
  const openOf = new Map<string, number>()
  let isStopping = false

  class Place implements StreamPlace {
    refused: RequestRefused | null = null
    readonly #callerKey: string
    readonly #type: ResponseType
    #end = () => {}

    constructor(callerKey: string, type: ResponseType) {
      this.#callerKey = callerKey
      this.#type = type
    }

    admit() {
      const openOfCaller = openOf.get(this.#callerKey) ?? 0
      if (this.#type !== 'text/event-stream') this.refused = ONLY_AS_STREAM
      else if (isStopping) this.refused = STOPPING
      else if (openOfCaller >= perCaller) this.refused = TOO_MANY_OF_CALLER
      else if (places.size >= perProcess) this.refused = NO_ROOM
      if (this.refused !== null) return 'REFUSED'
      places.add(this)
      openOf.set(this.#callerKey, openOfCaller + 1)
      return 'ADMITTED'
    }

    onStop(end: () => void) {
      this.#end = end
      if (isStopping) end()
    }

    release() {
      if (!places.delete(this)) return
      const left = (openOf.get(this.#callerKey) ?? 0) - 1
      if (left > 0) openOf.set(this.#callerKey, left)
      else openOf.delete(this.#callerKey)
    }

    stop() {
      this.#end()
    }
  }

  return {
    forRequest: (callerKey, type) => new Place(callerKey, type),
    get open() {
      return places.size
    },
    stop() {
      isStopping = true
      for (const place of places) place.stop()
    },
  }
}
