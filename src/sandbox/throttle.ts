const WINDOW_MS = 1000

export interface Throttle {
  /** Counts one request; false when it is one too many. */
  take(): boolean
}

/**
 * Reading: the limit holds per second, in windows that start with their first request, and a refused request
 * does not count. That requests are limited per second is documented; how they are counted is not.
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
