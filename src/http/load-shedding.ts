import type { Clock } from '../base/clock.ts'
import type { EventLoopLag } from './event-loop-lag.ts'
import type { InFlightRequests } from './in-flight-requests.ts'
import { RequestRefused } from './request-refused.ts'

/** The purpose of a request. `UNKNOWN` means that only its headers have been read. */
export type Purpose = 'UNKNOWN' | 'READ' | 'WRITE'

/** Turns requests away while this process has no room for them, so that the accepted requests stay quick. */
export interface LoadShedding {
  /**
   * Admits a request, or lets an admitted one continue. If it is refused, nothing of it has been executed.
   *
   * @throws RequestRefused 503 `OVERLOADED`
   */
  admit(purpose: Purpose): void
  /** `true` if requests have been turned away for two seconds without a second's pause. */
  readonly isLasting: boolean
}

/** The most requests that may be in flight for another one to be admitted, by its purpose. */
type Room = Readonly<Record<Purpose, number>>

/** As many are served, however late the event loop is. A gateway may keep 64 operations under way. */
const ALWAYS: Room = { READ: 32, WRITE: 64, UNKNOWN: 64 }

/** The limits while the event loop lag is at least this high. */
interface Step extends Room {
  readonly delayMs: number
}

/**
 * While the event loop keeps up, requests cost memory and not time. They wait for GenAuth, for a lock or for the disk.
 * GenAuth's connections (300) have limits of their own.
 *
 * A late event loop has more to do than it can. Each admitted request is then work for a millisecond or two, before
 * which no other request is served. With fewer steps, hundreds were admitted before the event loop was late at all.
 * Their responses came seconds later. Refusing a request before its body is read costs a fifth of its execution.
 */
const STEPS: readonly Step[] = [
  { delayMs: 200, ...ALWAYS },
  { delayMs: 50, READ: 64, WRITE: 96, UNKNOWN: 96 },
  { delayMs: 20, READ: 128, WRITE: 160, UNKNOWN: 160 },
  { delayMs: 10, READ: 256, WRITE: 320, UNKNOWN: 320 },
]
const PUNCTUAL: Room = { READ: 1_000, WRITE: 1_250, UNKNOWN: 1_250 }

/** Made a single time, because an error's stack costs more than the rest of a refusal. */
const OVERLOADED = new RequestRefused(
  503,
  'OVERLOADED',
  'Too much is under way. Nothing was done; try again later.',
)

const PAUSE_MS = 1_000
const LASTING_MS = 2_000

/**
 * Sheds load by the event loop lag and by the requests in flight, both together. A late event loop alone may be a brief
 * hiccup, and many requests in flight alone may be a slow GenAuth. Reads are refused first, and writes if that is not
 * enough.
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
      // The new request itself is counted already.
      const { inFlight } = inFlightRequests
      if (inFlight <= ALWAYS[purpose] || inFlight <= toRoom(loop.delayMs)[purpose]) return
      if (now() - lastAtMs > PAUSE_MS) firstAtMs = now()
      lastAtMs = now()
      throw OVERLOADED
    },
    get isLasting() {
      return now() - lastAtMs <= PAUSE_MS && now() - firstAtMs >= LASTING_MS
    },
  }
}

/**
 * Returns `true` if the text holds the word that every mutation needs. A query that holds the word counts as a
 * mutation.
 */
export function mayWrite(document: string): boolean {
  return document.includes('mutation')
}

function toRoom(delayMs: number): Room {
  return STEPS.find(step => delayMs >= step.delayMs) ?? PUNCTUAL
}
