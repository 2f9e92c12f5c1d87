import type { Clock } from '../base/clock.ts'
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'

/** How many attempts wait for a permit. */
export interface Waiting {
  /** Those for which a caller waits. */
  readonly people: number
  readonly background: number
}

export const NONE_WAIT: Waiting = { people: 0, background: 0 }
export const ONE_CALLER_WAITS: Waiting = { people: 1, background: 0 }
export const ONE_IN_BACKGROUND_WAITS: Waiting = { people: 0, background: 1 }

/** Says when the next request may be sent, so that GenAuth never receives more than the budget in a second. */
export interface RateLimiter {
  /**
   * Returns the time until the next permit, or 0 if there is one now. If replicas share the budget, this also requests
   * permits.
   *
   * @param waiting the attempts that wait for a permit, so that their permits can be requested together
   */
  waitMs(waiting?: Waiting): number
  /**
   * Returns the time until the next permit that background work may have while no caller waits. It is later than that
   * for callers, because a part of the budget is kept free for the callers who come next.
   */
  backgroundWaitMs(waiting?: Waiting): number
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

/** Background work waits while it and callers together have this part of the budget. The rest is for more callers. */
export const BACKGROUND_SHARE = 0.9
/**
 * The permits of one second may pass background work by in a row, but at least and at most so many.
 * At 280 reads a second of 300 allowed, one permit in 50 for background work tripled the time of a read.
 */
export const LEAST_PASSES = 10
export const MOST_PASSES = 200
/** The most that background work may catch up on in one burst. It leaves half of a burst for callers. */
export const BACKGROUND_CATCH_UP_MS = CATCH_UP_MS / 2
/** A burst of callers keeps background work waiting for no longer than this afterwards. */
export const BACKGROUND_DEBT_MS = 100

/**
 * Combines two rules: a token bucket, and a hard limit over a sliding window that remembers every request. Two more rules
 * hold for background work, with a part of the budget: an even rate, and a limit over the window. Requests of callers
 * count in both.
 */
export function createRateLimiter(
  maxRps: number,
  clock: Clock,
  adaptiveRate: AdaptiveRate = createAdaptiveRate(),
  slidingWindow: SlidingWindow = createSlidingWindow(maxRps),
): RateLimiter {
  let bucket = { tokens: toCapacity(maxRps), atMs: clock.monotonic() }
  /** The time from which on the even rate of background work has no debt. */
  let evenAtMs = clock.monotonic()

  function refill(nowMs: number): number {
    const rps = maxRps * adaptiveRate.factorAt(nowMs)
    const tokens = bucket.tokens + ((nowMs - bucket.atMs) * rps) / 1_000
    bucket = { tokens: Math.min(toCapacity(rps), tokens), atMs: nowMs }
    return rps
  }

  function waitMs(): number {
    const nowMs = clock.monotonic()
    const rps = refill(nowMs)
    const untilToken = bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * 1_000) / rps
    return Math.max(0, untilToken, slidingWindow.waitMs(maxRps, nowMs))
  }

  return {
    waitMs,
    backgroundWaitMs() {
      const nowMs = clock.monotonic()
      const limit = toBackgroundLimit(maxRps * adaptiveRate.factorAt(nowMs))
      const untilEven = evenAtMs - BACKGROUND_CATCH_UP_MS - nowMs
      return Math.max(waitMs(), untilEven, slidingWindow.waitMs(limit, nowMs))
    },
    take() {
      const nowMs = clock.monotonic()
      const rps = refill(nowMs)
      bucket = { ...bucket, tokens: bucket.tokens - 1 }
      const priceMs = 1_000 / (rps * BACKGROUND_SHARE)
      evenAtMs = Math.min(Math.max(evenAtMs, nowMs) + priceMs, nowMs + Math.max(BACKGROUND_DEBT_MS, priceMs))
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

/** Returns the requests in a window at which background work waits. It is never kept out for good. */
function toBackgroundLimit(rps: number): number {
  return Math.max(1, Math.floor(rps * BACKGROUND_SHARE))
}

/** Returns how many permits in a row may pass background work by. */
export function toPasses(rps: number): number {
  return Math.max(LEAST_PASSES, Math.min(MOST_PASSES, Math.floor(rps)))
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
