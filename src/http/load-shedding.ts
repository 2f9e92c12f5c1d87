import type { Clock } from '../base/clock.ts'
import type { EventLoopLag } from './event-loop-lag.ts'
import type { InFlightRequests } from './in-flight-requests.ts'
import { RequestRefused } from './request-refused.ts'

/** What a request is for. `UNKNOWN`: nothing but its headers has been read. */
export type Purpose = 'UNKNOWN' | 'READ' | 'WRITE'

/** Turns requests away while this process has no room for them, so that what it has accepted stays quick. */
export interface LoadShedding {
  /**
   * Lets a request in, or on. Nothing of it has been executed where it is not.
   *
   * @throws RequestRefused 503 `OVERLOADED`
   */
  admit(purpose: Purpose): void
  /** Requests have been turned away for two seconds without a second's pause. */
  readonly isLasting: boolean
}

/** How many may be in flight for a newcomer to be let in, by what it is for. */
type Room = Readonly<Record<Purpose, number>>

/** So many may be in flight while the loop is at least so late. */
interface Step extends Room {
  readonly delayMs: number
}

/**
 * A loop that keeps up: they wait for GenAuth, whose connections (300) have limits of their own, for a lock or for
 * the disk, and cost memory, not time. A loop that is late has more to do than it can, and whatever is let in now is
 * work for a millisecond or two each, before which nobody else is served. Fewer steps let in hundreds before the loop
 * was late at all, and those were answered seconds later. What is not even read is refused for a fifth of what it
 * costs to execute it. A gateway that keeps 64 operations under way is served, however busy it keeps the loop.
 */
const STEPS: readonly Step[] = [
  { delayMs: 200, READ: 32, WRITE: 64, UNKNOWN: 64 },
  { delayMs: 50, READ: 64, WRITE: 96, UNKNOWN: 96 },
  { delayMs: 20, READ: 128, WRITE: 160, UNKNOWN: 160 },
  { delayMs: 10, READ: 256, WRITE: 320, UNKNOWN: 320 },
]
const PUNCTUAL: Room = { READ: 1_000, WRITE: 1_250, UNKNOWN: 1_250 }

/** Made once: an error's stack costs more than the rest of a refusal. */
const OVERLOADED = new RequestRefused(
  503,
  'OVERLOADED',
  'Too much is under way. Nothing was done; try again later.',
)

const PAUSE_MS = 1_000
const LASTING_MS = 2_000

/**
 * Sheds by the delay of the event loop and by what is in flight, both at once: a late loop alone may be a moment's
 * hiccup, many in flight alone a slow GenAuth. Reads go first, writes when that is not enough.
 */
export function createLoadShedding(
  inFlightRequests: Pick<InFlightRequests, 'inFlight'>,
  loop: Pick<EventLoopLag, 'delayMs'>,
  { monotonic: now }: Pick<Clock, 'monotonic'>,
): LoadShedding {
  let firstAtMs = Number.NEGATIVE_INFINITY
  let lastAtMs = Number.NEGATIVE_INFINITY

  return {
    admit(purpose) {
      // The newcomer itself is counted already.
      if (inFlightRequests.inFlight <= toRoom(loop.delayMs)[purpose]) return
      if (now() - lastAtMs > PAUSE_MS) firstAtMs = now()
      lastAtMs = now()
      throw OVERLOADED
    },
    get isLasting() {
      return now() - lastAtMs <= PAUSE_MS && now() - firstAtMs >= LASTING_MS
    },
  }
}

function toRoom(delayMs: number): Room {
  return STEPS.find(step => delayMs >= step.delayMs) ?? PUNCTUAL
}
