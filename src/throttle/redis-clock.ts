import type { Clock } from '../base/clock.ts'

/** Redis's clock as seen by this process's own. */
export interface RedisClock {
  /** An answer came just now; Redis's clock said so when it was made. */
  note(redisMs: number): void
  /** Converts Redis's time to the process's own. Never early; late by at most the fastest answer's way. */
  toLocalMs(redisMs: number): number
}

/** The fastest answer of the last five to ten seconds counts, so that two clocks may drift. */
const PERIOD_MS = 5_000
/** What one answer may take longer than the longest wait for it, on a busy machine. */
const SPARE_MS = 400

/**
 * @param timeoutMs the longest wait for an answer: one that seems to have taken much longer comes from a clock that was
 * set back
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
