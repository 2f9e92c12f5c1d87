import { type AdaptiveRate, createAdaptiveRate } from './adaptive-rate.ts'
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** When the next request may leave, so that a second never sees more than the budget. */
export interface RateLimiter {
  /**
   * Zero: now. A pace that is shared with others has to ask for turns.
   *
   * @param waiting how many would leave if they could, so that their turns can be asked for together
   */
  waitMs(waiting?: number): number
  /** A request has its turn. */
  take(): void
  /** One that had its turn begins to be written now, or never will. Once for each. */
  depart(): void
  /** GenAuth says that it was too many all the same: somebody else uses the same pool. */
  adaptiveRate(): void
  /** What is aimed at now. */
  readonly requestsPerSecond: number
  /** Calls whenever a wait may have become shorter than `waitMs` said; one at a time is told. */
  onSooner(listener: () => void): void
}

/**
 * What a busy event loop may catch up on at once, as time at full pace. The last of so many requests is written
 * some 10 ms after the first; with 100 ms they came so late that GenAuth's second saw a tenth more than the budget.
 */
const CATCH_UP_MS = 60

/** Two rules at once: the pace itself, and a hard limit over a sliding window that remembers every departure. */
export function createRateLimiter(
  maxRps: number,
  now: () => number = () => performance.now(),
  slowing: AdaptiveRate = createAdaptiveRate(now),
  slidingWindow: SlidingWindow = createSlidingWindow(maxRps, now),
): RateLimiter {
  let bucket = { tokens: toCapacity(maxRps), atMs: now() }

  const toRps = () => maxRps * slowing.factor

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
      return Math.max(0, untilToken, slidingWindow.waitMs(maxRps))
    },
    take() {
      refill()
      bucket = { ...bucket, tokens: bucket.tokens - 1 }
      slidingWindow.take()
    },
    depart: () => slidingWindow.depart(),
    adaptiveRate: () => slowing.adaptiveRate(),
    get requestsPerSecond() {
      return toRps()
    },
    onSooner() {},
  }
}

function toCapacity(rps: number): number {
  return Math.max(1, (rps * CATCH_UP_MS) / 1_000)
}
