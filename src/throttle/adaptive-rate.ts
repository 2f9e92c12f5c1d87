/** How much of the budget is aimed at, after GenAuth said that it was too much. Times are monotonic. */
export interface AdaptiveRate {
  /** 1: all of it. */
  factorAt(nowMs: number): number
  /** GenAuth said 429. */
  slowDown(nowMs: number): void
  /** What other replicas found out counts here too. */
  adopt(factor: number, nowMs: number): void
}

/** A 429 costs three tenths of the rate, as in the AWS SDKs' adaptive mode, and not twice for one burst. */
export const SLOW_DOWN_FACTOR = 0.7
export const SLOW_DOWN_AGAIN_AFTER_MS = 1_000
/** The way back: from a rate cut once, six seconds. */
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
      // From now on, so that one burst does not count twice because others heard of it first.
      if (factor < factorAt(nowMs)) slowed = { factor, atMs: nowMs }
    },
  }
}
