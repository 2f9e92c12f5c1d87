/** Redis's clock as seen by this process's own, which nobody sets. */
export interface RedisClock {
  /** An answer came, and this is what Redis's clock said when it was made. */
  note(redisMs: number): void
  /** When it is so late by Redis's clock: never too early, and too late by the fastest answer's way at most. */
  toLocalMs(redisMs: number): number
}

/** The fastest answer of the last five to ten seconds counts, so that two clocks may drift. */
const PERIOD_MS = 5_000
/** No answer takes as long: Redis's clock was set back. */
const SET_BACK_MS = 500

export function createRedisClock(now: () => number): RedisClock {
  let [least, leastBefore] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let sinceMs = now()
  const toOffset = () => Math.min(least, leastBefore)
  return {
    note(redisMs) {
      const offsetMs = now() - redisMs
      if (offsetMs - toOffset() > SET_BACK_MS) [least, leastBefore] = [offsetMs, offsetMs]
      if (now() - sinceMs > PERIOD_MS) {
        ;[least, leastBefore] = [Number.POSITIVE_INFINITY, least]
        sinceMs = now()
      }
      least = Math.min(least, offsetMs)
    },
    toLocalMs: redisMs => redisMs + toOffset(),
  }
}
