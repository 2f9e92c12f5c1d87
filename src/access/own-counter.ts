import type { Clock } from '../base/clock.ts'
import { Windows } from './windows.ts'

/** The grant of a counter. */
export interface Taken {
  /** A number from zero to the wanted one. Only granted ones are counted. */
  readonly granted: number
  /** Milliseconds until the window ends and everything is free again. */
  readonly resetsInMs: number
  /** Subtracts from the count, in the window in which it was counted. It never throws. */
  giveBack(count: number): void
}

/** The part of a limit that is left. */
export interface Left {
  readonly remaining: number
  /** Milliseconds until the window ends and everything is free again. If none runs, the length of one that begins now. */
  readonly resetsInMs: number
}

/** Counts one kind of event for each key, and never above its limit. */
export interface Counter {
  /** Grants as many of the wanted ones as are left, in one step. */
  take(key: string, wanted: number): Promise<Taken>
  /** Returns what is left, and counts nothing. */
  look(key: string): Promise<Left>
  /** Returns what is left as far as this process knows. It asks nobody. */
  lastKnown(key: string): Left
}

export interface OwnCounterOptions {
  /** The limit may change while the counter is in use. */
  readonly limit: () => number
  readonly windowMs: number
  readonly clock: Clock
}

/** Creates a counter in the memory of this process. A window begins with the first count. */
export function createOwnCounter({ limit, windowMs, clock }: OwnCounterOptions): Counter {
  const now = clock.monotonic
  const windows = new Windows<{ readonly endsAtMs: number; used: number }>(windowMs, clock)

  function begin(key: string) {
    const window = { endsAtMs: now() + windowMs, used: 0 }
    windows.begin(key, window)
    return window
  }

  function lastKnown(key: string): Left {
    const window = windows.find(key)
    return window === null
      ? { remaining: limit(), resetsInMs: windowMs }
      : { remaining: Math.max(0, limit() - window.used), resetsInMs: window.endsAtMs - now() }
  }

  return {
    async take(key, wanted) {
      const window = windows.find(key) ?? begin(key)
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
    look: async key => lastKnown(key),
    lastKnown,
  }
}
