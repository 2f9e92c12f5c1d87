import type { Clock } from '../base/clock.ts'
import type { CallContext, Priority } from '../mfa/call-context.ts'

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

/** How many of the connections of one kind each caller holds. */
interface CallerShares {
  /** Counts one more connection. Returns a function that gives it back. Call that function once. */
  take(callerKey: string): () => void
  /** Returns `true` if this caller holds so many of all connections that the rest is for other callers. */
  isSpent(callerKey: string, connections: number): boolean
}

/** While other callers are active, one caller holds no more of the connections. */
const MAX_SHARE = 0.75
/** A caller who has called within this time is active. */
const ACTIVE_MS = 60_000
/** The caller key of the process's own work. */
const NOBODY = ''

/**
 * Prevents a caller whose identifiers make GenAuth hang from holding every connection. A caller who is alone may hold
 * all of them. The two callers seen last are remembered, which is enough to know whether there is another one.
 */
export function createCallerShares(clock: Clock): CallerShares {
  const held = new Map<string, number>()
  let latest = { callerKey: NOBODY, atMs: Number.NEGATIVE_INFINITY }
  let another = latest

  function isAlone(callerKey: string): boolean {
    const other = latest.callerKey === callerKey ? another : latest
    return other.callerKey === NOBODY || clock.monotonic() - other.atMs >= ACTIVE_MS
  }

  return {
    take(callerKey) {
      if (callerKey === NOBODY) return () => {}
      if (callerKey !== latest.callerKey) another = latest
      latest = { callerKey, atMs: clock.monotonic() }
      held.set(callerKey, (held.get(callerKey) ?? 0) + 1)
      return () => {
        const left = (held.get(callerKey) ?? 0) - 1
        if (left > 0) held.set(callerKey, left)
        else held.delete(callerKey)
      }
    },
    isSpent(callerKey, connections) {
      const holds = held.get(callerKey) ?? 0
      return holds >= connections * MAX_SHARE && !isAlone(callerKey)
    },
  }
}
