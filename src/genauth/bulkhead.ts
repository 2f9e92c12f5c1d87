import type { Clock } from '../base/clock.ts'
import type { CallContext, Priority } from '../mfa/call-context.ts'
import { type CallerShares, createCallerShares } from './caller-shares.ts'

/**
 * The connections that calls of a priority leave free. If plain reads hang on all the others, a change can still begin.
 * If background work hangs, everything else can still begin.
 */
const KEPT_FREE: Readonly<Record<Priority, number>> = { WRITE: 0, READ: 50, BACKGROUND: 200 }

/**
 * Limits how many attempts of one kind are in flight together, in total and for one caller. An attempt does not wait
 * for a place.
 */
export class Bulkhead {
  readonly #places: number
  readonly #callerShares: CallerShares
  #inFlight = 0

  /** @param places the most attempts together */
  constructor(places: number, clock: Clock) {
    this.#places = places
    this.#callerShares = createCallerShares(clock)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  isFullFor({ callerKey, priority }: Pick<CallContext, 'callerKey' | 'priority'>): boolean {
    const places = this.#places - KEPT_FREE[priority]
    return this.#inFlight >= places || this.#callerShares.isSpent(callerKey, places)
  }

  /** Takes a place. Returns a function that leaves it. Call that function once. */
  enter(callerKey: string): () => void {
    this.#inFlight++
    const free = this.#callerShares.take(callerKey)
    return () => {
      free()
      this.#inFlight--
    }
  }
}
