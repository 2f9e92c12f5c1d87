import type { Clock } from '../base/clock.ts'
import { type AdaptiveRate, createAdaptiveRate } from './adaptive-rate.ts'
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** Says when the next request may be sent, so that GenAuth never sees more than the budget in a second. */
export interface RateLimiter {
  /**
   * Until the next permit; zero: now. A budget that is shared with other replicas has to be asked for permits.
   *
   * @param waiting how many would be sent if they could, so that permits can be asked for together
   */
  waitMs(waiting?: number): number
  /** A permit is given out. */
  take(): void
  /** A permit ends: its request begins to be written now, or never will. Once for each. */
  end(): void
  /** GenAuth says that there were too many all the same: somebody else uses the same pool. */
  slowDown(): void
  /** The rate that is aimed at now. */
  readonly requestsPerSecond: number
  /** Calls whenever a wait may have become shorter than `waitMs` said. There is one listener. */
  onSooner(listener: () => void): void
}

/**
 * What a busy event loop may make up for in one go, as time at the full rate. The last of so many requests is written
 * some 10 ms after the first; with 100 ms they came so late that GenAuth's second saw a tenth more than the budget.
 */
const CATCH_UP_MS = 60

/** Two rules at once: a token bucket, and a hard limit over a sliding window that remembers every request. */
export function createRateLimiter(
  maxRps: number,
  clock: Clock,
  adaptiveRate: AdaptiveRate = createAdaptiveRate(),
  slidingWindow: SlidingWindow = createSlidingWindow(maxRps),
): RateLimiter {
  let bucket = { tokens: toCapacity(maxRps), atMs: clock.monotonic() }

  const toRps = (nowMs: number) => maxRps * adaptiveRate.factorAt(nowMs)

  function refill(nowMs: number): number {
    const rps = toRps(nowMs)
    const tokens = bucket.tokens + ((nowMs - bucket.atMs) * rps) / 1_000
    bucket = { tokens: Math.min(toCapacity(rps), tokens), atMs: nowMs }
    return rps
  }

  return {
    waitMs() {
      const nowMs = clock.monotonic()
      const rps = refill(nowMs)
      const untilToken = bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * 1_000) / rps
      return Math.max(0, untilToken, slidingWindow.waitMs(maxRps, nowMs))
    },
    take() {
      refill(clock.monotonic())
      bucket = { ...bucket, tokens: bucket.tokens - 1 }
      slidingWindow.take()
    },
    end: () => slidingWindow.end(clock.monotonic()),
    slowDown: () => adaptiveRate.slowDown(clock.monotonic()),
    get requestsPerSecond() {
      return toRps(clock.monotonic())
    },
    onSooner() {},
  }
}

function toCapacity(rps: number): number {
  return Math.max(1, (rps * CATCH_UP_MS) / 1_000)
}
