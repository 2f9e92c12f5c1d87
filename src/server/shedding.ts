import { RequestRefused } from './graphql-params.ts'
import type { LoopDelay } from './loop-delay.ts'
import type { Workload } from './workload.ts'

/** What a request is for. `UNKNOWN`: nothing but its headers has been read. */
export type Purpose = 'UNKNOWN' | 'READ' | 'WRITE'

/** Turns requests away while this process has no room for them, so that what it has accepted stays quick. */
export interface Shedding {
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

/**
 * A loop that keeps up: they wait for GenAuth, whose connections (300) have limits of their own, for a lock or for
 * the disk, and cost memory, not time.
 */
const PUNCTUAL: Room = { READ: 1_000, WRITE: 1_250, UNKNOWN: 1_250 }
/**
 * A loop that is late has more to do than it can. 32 is twice what it has in flight at the edge of its capacity
 * (Little's law: 790 reads a second at 1.3 ms of processor time, 20 ms each with a GenAuth that takes 5): a burst
 * at the pace that GenAuth allows stays below it. So many writes as fit into a fifth of a second at 2.4 ms go on.
 */
const LATE: Room = { READ: 32, WRITE: 64, UNKNOWN: 64 }
/** Even telling a read from a write costs 0.5 ms, three times as much as a refusal before anything was read. */
const VERY_LATE: Room = { READ: 16, WRITE: 16, UNKNOWN: 16 }

/** A loop that keeps up is at most a few milliseconds late, with a garbage collection 20. */
const LATE_MS = 50
/** An operation takes some ten turns of the loop, and nobody wants to wait longer than two seconds. */
const VERY_LATE_MS = 200

const PAUSE_MS = 1_000
const LASTING_MS = 2_000

/**
 * Sheds by the delay of the event loop and by what is in flight, both at once: a late loop alone may be a moment's
 * hiccup, many in flight alone a slow GenAuth. Reads go first, writes when that is not enough.
 */
export function createShedding(
  workload: Pick<Workload, 'inFlight'>,
  loop: Pick<LoopDelay, 'delayMs'>,
  now: () => number = () => performance.now(),
): Shedding {
  let firstAtMs = Number.NEGATIVE_INFINITY
  let lastAtMs = Number.NEGATIVE_INFINITY

  return {
    admit(purpose) {
      // The newcomer itself is counted already.
      if (workload.inFlight <= toRoom(loop.delayMs)[purpose]) return
      if (now() - lastAtMs > PAUSE_MS) firstAtMs = now()
      lastAtMs = now()
      throw new RequestRefused(503, 'OVERLOADED', 'Too much is under way. Nothing was done; try again later.')
    },
    get isLasting() {
      return now() - lastAtMs <= PAUSE_MS && now() - firstAtMs >= LASTING_MS
    },
  }
}

function toRoom(delayMs: number): Room {
  if (delayMs >= VERY_LATE_MS) return VERY_LATE
  return delayMs >= LATE_MS ? LATE : PUNCTUAL
}
