/** When the next request may leave, so that a second never sees more than the budget. */
export interface Pace {
  /** Zero: now. */
  waitMs(): number
  /** A request leaves. */
  take(): void
  /** GenAuth says that it was too many all the same: somebody else uses the same pool. */
  slowDown(): void
  /** What is aimed at now. */
  readonly requestsPerSecond: number
}

/**
 * Longer than the second that counts, since requests that leave in order do not arrive at the same distance: at
 * most the budget in any 1,035 ms is 96.6 % of it in the long run.
 */
const WINDOW_MS = 1_035
/**
 * What a busy event loop may catch up on at once, as time at full pace. The last of so many requests is written
 * some 10 ms after the first; with 100 ms they came so late that GenAuth's second saw a tenth more than the budget.
 */
const CATCH_UP_MS = 60
/** A 429 costs three tenths of the pace, as in the AWS SDKs' adaptive mode, and not twice for one burst. */
const SLOW_DOWN_FACTOR = 0.7
const SLOW_DOWN_AGAIN_AFTER_MS = 1_000
/** The way back: from a pace cut once, six seconds. */
const RECOVERY_PER_MS = 0.05 / 1_000
const MIN_FACTOR = 0.05

/** Two rules at once: the pace itself, and a hard limit over a sliding window that remembers every departure. */
export function createPace(maxRps: number, now: () => number = () => performance.now()): Pace {
  const departures = new Float64Array(maxRps).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  let slowed = { factor: 1, atMs: Number.NEGATIVE_INFINITY }
  let bucket = { tokens: toCapacity(maxRps), atMs: now() }

  const toFactor = () => Math.min(1, slowed.factor + (now() - slowed.atMs) * RECOVERY_PER_MS)
  const toRps = () => maxRps * toFactor()

  function refill(): number {
    const rps = toRps()
    const atMs = now()
    const tokens = bucket.tokens + ((atMs - bucket.atMs) * rps) / 1_000
    bucket = { tokens: Math.min(toCapacity(rps), tokens), atMs }
    return rps
  }

  return {
    waitMs() {
      const rps = refill()
      const untilToken = bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * 1_000) / rps
      const oldest = departures[next] ?? Number.NEGATIVE_INFINITY
      return Math.max(0, untilToken, oldest + WINDOW_MS - now())
    },
    take() {
      refill()
      bucket = { ...bucket, tokens: bucket.tokens - 1 }
      departures[next] = now()
      next = (next + 1) % maxRps
    },
    slowDown() {
      if (now() - slowed.atMs < SLOW_DOWN_AGAIN_AFTER_MS) return
      slowed = { factor: Math.max(MIN_FACTOR, toFactor() * SLOW_DOWN_FACTOR), atMs: now() }
    },
    get requestsPerSecond() {
      return toRps()
    },
  }
}

function toCapacity(rps: number): number {
  return Math.max(1, (rps * CATCH_UP_MS) / 1_000)
}
