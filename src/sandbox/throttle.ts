const WINDOW_MS = 1000

export interface Throttle {
  /** Counts one request. Returns `false` if it exceeds the limit. */
  take(): boolean
}

/**
 * Creates a throttle. Reading: the limit holds per second, in windows that start with their first request, and a
 * refused request does not count. The documents say that requests are limited per second, but not how they are counted.
 */
export function createThrottle(maxRequestsPerSecond: number, now: () => number): Throttle {
  let windowStartMs = Number.NEGATIVE_INFINITY
  let count = 0
  return {
    take() {
      const nowMs = now()
      if (nowMs - windowStartMs >= WINDOW_MS) {
        windowStartMs = nowMs
        count = 0
      }
      if (count >= maxRequestsPerSecond) {
        return false
      }
      count += 1
      return true
    },
  }
}
