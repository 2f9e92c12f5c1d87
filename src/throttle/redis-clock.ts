import type { Clock } from '../base/clock.ts'

/** Knows how far the clock of Redis is from the clock of this process. */
export interface RedisClock {
  /** Reports a reply that came just now, with the time that the clock of Redis showed when it was made. */
  note(redisMs: number): void
  /**
   * Converts a time of Redis to one of this process. The result is never early. It is late by at most the transit time
   * of the fastest reply.
   */
  toLocalMs(redisMs: number): number
}

/** The fastest reply of the last five to ten seconds counts, so that the two clocks may drift. */
const PERIOD_MS = 5_000
/** On a busy machine a reply may take this much longer than the longest wait for it. */
const SPARE_MS = 400

/**
 * Creates a converter that notices when the clock of Redis was set back.
 *
 * @param timeoutMs the longest wait for a reply. If one seems to have taken much longer, the clock was set back
 */
export function createRedisClock(clock: Clock, timeoutMs: number): RedisClock {
  const setBackMs = timeoutMs + SPARE_MS
  let [least, leastBefore] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let sinceMs = clock.monotonic()
  const toOffset = () => Math.min(least, leastBefore)
  return {
    note(redisMs) {
      const localMs = clock.monotonic()
      const offsetMs = localMs - redisMs
      if (offsetMs - toOffset() > setBackMs) [least, leastBefore] = [offsetMs, offsetMs]
      if (localMs - sinceMs > PERIOD_MS) {
        ;[least, leastBefore] = [Number.POSITIVE_INFINITY, least]
        sinceMs = localMs
      }
      least = Math.min(least, offsetMs)
    },
    toLocalMs: redisMs => redisMs + toOffset(),
  }
}
