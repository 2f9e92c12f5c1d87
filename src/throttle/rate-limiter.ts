import type { Clock } from '../base/clock.ts'
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** Says when the next request may be sent, so that GenAuth never receives more than the budget in a second. */
export interface RateLimiter {
  /**
   * Returns the time until the next permit, or 0 if there is one now. If replicas share the budget, this also requests
   * permits.
   *
   * @param waiting how many attempts wait for a permit, so that their permits can be requested together
   */
  waitMs(waiting?: number): number
  /** Reports that a permit is given out. */
  take(): void
  /** Reports that a permit ends: its request begins to be written now, or never will. Call it once for each permit. */
  end(): void
  /** Reports a 429 from GenAuth. It comes when another client uses the same user pool, too. */
  slowDown(): void
  /** The rate that the limiter aims at now. */
  readonly requestsPerSecond: number
  /** Calls `listener` whenever a wait may have become shorter than `waitMs` said. There can be one listener. */
  onSooner(listener: () => void): void
}

/** The part of the budget that the rate limiter aims at after GenAuth sent a 429. Times are monotonic. */
export interface AdaptiveRate {
  /** Returns a number up to 1, which stands for the whole budget. */
  factorAt(nowMs: number): number
  /** Lowers the rate after a 429 from GenAuth. */
  slowDown(nowMs: number): void
  /** Takes over the factor of all replicas, if it is lower. */
  adopt(factor: number, nowMs: number): void
}

/** A 429 costs three tenths of the rate, as in the AWS SDKs' adaptive mode. One burst costs it only once. */
export const SLOW_DOWN_FACTOR = 0.7
export const SLOW_DOWN_AGAIN_AFTER_MS = 1_000
/** A rate that was cut once recovers within six seconds. */
export const RECOVERY_PER_MS = 0.05 / 1_000
export const MIN_FACTOR = 0.05

/**
 * The most that a busy event loop may catch up on in one burst, as time at the full rate. The last request of such a
 * burst is written some 10 ms after the first. With 100 ms the last ones were so late that GenAuth received a tenth
 * more than the budget in a second.
 */
const CATCH_UP_MS = 60

/** Combines two rules: a token bucket, and a hard limit over a sliding window that remembers every request. */
export function createRateLimiter(
  maxRps: number,
  clock: Clock,
  adaptiveRate: AdaptiveRate = createAdaptiveRate(),
  slidingWindow: SlidingWindow = createSlidingWindow(maxRps),
): RateLimiter {
  let bucket = { tokens: toCapacity(maxRps), atMs: clock.monotonic() }

  function refill(nowMs: number): number {
    const rps = maxRps * adaptiveRate.factorAt(nowMs)
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
      return maxRps * adaptiveRate.factorAt(clock.monotonic())
    },
    onSooner() {},
  }
}

function toCapacity(rps: number): number {
  return Math.max(1, (rps * CATCH_UP_MS) / 1_000)
}

export function createAdaptiveRate(): AdaptiveRate {
  let slowed = { factor: 1, atMs: Number.NEGATIVE_INFINITY }
  const factorAt = (nowMs: number) => Math.min(1, slowed.factor + (nowMs - slowed.atMs) * RECOVERY_PER_MS)

  return {
    factorAt,
    slowDown(nowMs) {
      if (nowMs - slowed.atMs < SLOW_DOWN_AGAIN_AFTER_MS) return
      slowed = { factor: Math.max(MIN_FACTOR, factorAt(nowMs) * SLOW_DOWN_FACTOR), atMs: nowMs }
    },
    adopt(factor, nowMs) {
      // It counts from now on. Otherwise one burst would count twice if other replicas heard of it first.
      if (factor < factorAt(nowMs)) slowed = { factor, atMs: nowMs }
    },
  }
}
