import type { Clock } from '../base/clock.ts'
import type { CallContext, Priority } from '../mfa/call-context.ts'
import { type CallerShares, createCallerShares } from './caller-shares.ts'

/**
 * Of the connections for reads, those that a priority leaves free. When all the others hang on plain reads, a change
 * can still begin; when background work hangs, so can everything else.
 */
const KEPT_FREE: Readonly<Record<Priority, number>> = { WRITE: 0, READ: 50, BACKGROUND: 200 }

/** Limits how many attempts of one kind are in flight together, in all and of one caller. Nobody queues for a place. */
export class Bulkhead {
  readonly #places: number
  readonly #callerShares: CallerShares
  #inFlight = 0

  /** @param places at most so many attempts together */
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

  /** Takes a place. Returns how to leave it, which is to be done once. */
  enter(callerKey: string): () => void {
    this.#inFlight++
    const free = this.#callerShares.take(callerKey)
    return () => {
      free()
      this.#inFlight--
    }
  }
}
