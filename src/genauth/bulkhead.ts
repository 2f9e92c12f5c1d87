import type { Clock } from '../base/clock.ts'
import type { CallContext } from '../mfa/call-context.ts'

/** The connections that only changes may take. If plain reads hang on all the others, a change can still begin. */
const KEPT_FOR_CHANGES = 50
/**
 * The connections that background work may not take. If it hangs, everything else can still begin. It is not kept out by
 * those that callers have, so that it goes on beside a slow GenAuth.
 */
const KEPT_FROM_BACKGROUND = 200
/** While other callers are active, one caller holds no more of the connections. */
const MAX_SHARE = 0.75
/** A caller who has called within this time is active. */
const ACTIVE_MS = 60_000
/** The caller key of the process's own work. */
const NOBODY = ''

type Party = Pick<CallContext, 'callerKey' | 'priority'>

/**
 * Limits how many attempts of one kind are in flight together, in total and for one caller. An attempt does not wait
 * for a place.
 *
 * A caller whose identifiers make GenAuth hang cannot hold every connection. A caller who is alone may hold all of
 * them. The two callers seen last are remembered, which is enough to know whether there is another one. Background work
 * is no caller.
 */
export class Bulkhead {
  readonly #places: number
  readonly #clock: Clock
  readonly #held = new Map<string, number>()
  #inFlight = 0
  #inBackground = 0
  #latest = { callerKey: NOBODY, atMs: Number.NEGATIVE_INFINITY }
  #another = this.#latest

  /** @param places the most attempts together */
  constructor(places: number, clock: Clock) {
    this.#places = places
    this.#clock = clock
  }

  get inFlight(): number {
    return this.#inFlight
  }

  isFullFor({ callerKey, priority }: Party): boolean {
    const places = priority === 'WRITE' ? this.#places : this.#places - KEPT_FOR_CHANGES
    if (this.#inFlight >= places) return true
    if (priority === 'BACKGROUND') return this.#inBackground >= this.#places - KEPT_FROM_BACKGROUND
    const held = this.#held.get(callerKey) ?? 0
    return held >= places * MAX_SHARE && !this.#isAlone(callerKey)
  }

  /** Takes a place. Call `leave` once for it, with the same party. */
  enter({ callerKey, priority }: Party): void {
    this.#inFlight++
    if (priority === 'BACKGROUND') this.#inBackground++
    else if (callerKey !== NOBODY) {
      if (callerKey !== this.#latest.callerKey) this.#another = this.#latest
      this.#latest = { callerKey, atMs: this.#clock.monotonic() }
      this.#held.set(callerKey, (this.#held.get(callerKey) ?? 0) + 1)
    }
  }

  /** Frees a place. */
  leave({ callerKey, priority }: Party): void {
    this.#inFlight--
    if (priority === 'BACKGROUND') this.#inBackground--
    else {
      const left = (this.#held.get(callerKey) ?? 0) - 1
      if (left > 0) this.#held.set(callerKey, left)
      else this.#held.delete(callerKey)
    }
  }

  #isAlone(callerKey: string): boolean {
    const other = this.#latest.callerKey === callerKey ? this.#another : this.#latest
    return other.callerKey === NOBODY || this.#clock.monotonic() - other.atMs >= ACTIVE_MS
  }
}
