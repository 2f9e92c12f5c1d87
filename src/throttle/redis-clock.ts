/** Redis's clock as seen by this process's own, which nobody sets. */
export interface RedisClock {
  /** An answer came, and this is what Redis's clock said when it was made. */
  note(redisMs: number): void
  /** When it is so late by Redis's clock: never too early, and too late by the fastest answer's way at most. */
  toLocalMs(redisMs: number): number
}

/** The fastest answer of the last five to ten seconds counts, so that two clocks may drift. */
const PERIOD_MS = 5_000
/** What one answer may take longer than the longest wait for it, on a busy machine. */
const SPARE_MS = 400

/**
 * @param now milliseconds of a clock that nobody sets
 * @param timeoutMs the longest wait for an answer: one that seems to have taken much longer comes from a clock that was
 * set back
 */
export function createRedisClock(now: () => number, timeoutMs: number): RedisClock {
  const setBackMs = timeoutMs + SPARE_MS
  let [least, leastBefore] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let sinceMs = now()
  const toOffset = () => Math.min(least, leastBefore)
  return {
    note(redisMs) {
      const offsetMs = now() - redisMs
      if (offsetMs - toOffset() > setBackMs) [least, leastBefore] = [offsetMs, offsetMs]
      if (now() - sinceMs > PERIOD_MS) {
        ;[least, leastBefore] = [Number.POSITIVE_INFINITY, least]
        sinceMs = now()
      }
      least = Math.min(least, offsetMs)
    },
    toLocalMs: redisMs => redisMs + toOffset(),
  }
}
