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
