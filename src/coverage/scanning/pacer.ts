import type { Clock } from '../../base/clock.ts'
import type { Waits } from './waits.ts'

/** Spaces calls evenly. */
export interface Pacer {
  /** Resolves when the next call may be made, and earlier if the work must stop. */
  turn(): Promise<void>
}

/** The longest silence, such as the storing of a page, that later calls may make up for. */
const CATCH_UP_MS = 250

/** @param perSecond how many calls may be made in a second on average */
export function createPacer(perSecond: number, clock: Clock, waits: Waits): Pacer {
  const everyMs = 1_000 / perSecond
  let nextAtMs = clock.monotonic()
  return {
    async turn() {
      const nowMs = clock.monotonic()
      const atMs = Math.max(nextAtMs, nowMs - CATCH_UP_MS)
      nextAtMs = atMs + everyMs
      if (atMs > nowMs) await waits.sleep(atMs - nowMs)
    },
  }
}
