import type { Clock } from '../base/clock.ts'

/** How much of the budget is aimed at, after GenAuth said that it was too much. */
export interface AdaptiveRate {
  /** 1: all of it. */
  readonly factor: number
  /** GenAuth said 429. */
  slowDown(): void
  /** What other replicas found out counts here too. */
  adopt(factor: number): void
}

/** A 429 costs three tenths of the rate, as in the AWS SDKs' adaptive mode, and not twice for one burst. */
export const SLOW_DOWN_FACTOR = 0.7
export const SLOW_DOWN_AGAIN_AFTER_MS = 1_000
/** The way back: from a rate cut once, six seconds. */
export const RECOVERY_PER_MS = 0.05 / 1_000
export const MIN_FACTOR = 0.05

export function createAdaptiveRate(clock: Clock): AdaptiveRate {
  let slowed = { factor: 1, atMs: Number.NEGATIVE_INFINITY }
  const toFactor = () => Math.min(1, slowed.factor + (clock.monotonic() - slowed.atMs) * RECOVERY_PER_MS)

  return {
    get factor() {
      return toFactor()
    },
    slowDown() {
      const atMs = clock.monotonic()
      if (atMs - slowed.atMs < SLOW_DOWN_AGAIN_AFTER_MS) return
      slowed = { factor: Math.max(MIN_FACTOR, toFactor() * SLOW_DOWN_FACTOR), atMs }
    },
    adopt(factor) {
      // From now on, so that one burst does not count twice because others heard of it first.
      if (factor < toFactor()) slowed = { factor, atMs: clock.monotonic() }
    },
  }
}
