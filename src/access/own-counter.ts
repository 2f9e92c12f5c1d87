import type { Clock } from '../base/clock.ts'

/** The grant of a counter. */
export interface Taken {
  /** A number from zero to the wanted one. Only granted ones are counted. */
  readonly granted: number
  /** Milliseconds until the window ends and everything is free again. */
  readonly resetsInMs: number
  /** Subtracts from the count, in the window in which it was counted. It never throws. */
  giveBack(count: number): void
}

/** Counts one kind of event for each key, and never above its limit. */
export interface Counter {
  /** Grants as many of the wanted ones as are left, in one step. */
  take(key: string, wanted: number): Promise<Taken>
}

export interface OwnCounterOptions {
  /** The limit may change while the counter is in use. */
  readonly limit: () => number
  readonly windowMs: number
  readonly clock: Clock
}

interface Window {
  readonly endsAtMs: number
  used: number
}

/**
 * Creates a counter in the memory of this process. A window begins with the first count, and is forgotten after its
 * end.
 */
export function createOwnCounter({ limit, windowMs, clock: { monotonic: now } }: OwnCounterOptions): Counter {
  const windows = new Map<string, Window>()
  let sweptAtMs = now()

  /** Runs once in a window, so that each key is visited once for each of its windows. */
  function sweep(): void {
    if (now() - sweptAtMs < windowMs) return
    sweptAtMs = now()
    for (const [key, { endsAtMs }] of windows) if (endsAtMs <= sweptAtMs) windows.delete(key)
  }

  function windowOf(key: string): Window {
    const known = windows.get(key)
    if (known !== undefined && known.endsAtMs > now()) return known
    sweep()
    const window = { endsAtMs: now() + windowMs, used: 0 }
    windows.set(key, window)
    return window
  }

  return {
    async take(key, wanted) {
      const window = windowOf(key)
      const granted = Math.max(0, Math.min(wanted, limit() - window.used))
      window.used += granted
      return {
        granted,
        resetsInMs: window.endsAtMs - now(),
        giveBack(count) {
          window.used = Math.max(0, window.used - count)
        },
      }
    },
  }
}
