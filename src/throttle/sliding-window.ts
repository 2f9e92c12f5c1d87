/**
 * What this process has sent lately, and what it is about to send. A request is written some time after it has its
 * permit: its process may be busy, or its connection new. So it counts from its permit on, and for a whole window from
 * the moment at which the permit ends: GenAuth sees no more than the limit in any second, however late a request is.
 * Times are monotonic.
 */
export interface SlidingWindow {
  /** A permit is given out. */
  take(): void
  /** A permit ends: its request begins to be written now, or never will. Once for each. */
  end(nowMs: number): void
  /** In the window that ends now, open permits included. */
  count(nowMs: number): number
  /** Until the next permit with at most so many in a window. */
  waitMs(limit: number, nowMs: number): number
}

/**
 * Longer than the second that counts, since requests do not arrive at the distance at which they were sent: at most the
 * limit in any 1,035 ms is 96.6 % of it in the long run.
 */
export const SLIDING_WINDOW_MS = 1_035
/** All permits are given out and none has ended, which is a matter of moments. */
const ABOUT_TO_END_MS = 5

/** @param capacity the highest limit that is ever asked about */
export function createSlidingWindow(capacity: number): SlidingWindow {
  const times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  let open = 0
  let inWindow = 0
  const nthLast = (n: number) => times[(next - n + capacity) % capacity] ?? Number.NEGATIVE_INFINITY
  return {
    take() {
      open++
    },
    end(nowMs) {
      open--
      times[next] = nowMs
      next = (next + 1) % capacity
      inWindow = Math.min(capacity, inWindow + 1)
    },
    count(nowMs) {
      const sinceMs = nowMs - SLIDING_WINDOW_MS
      while (inWindow > 0 && nthLast(inWindow) <= sinceMs) inWindow--
      return inWindow + open
    },
    waitMs(limit, nowMs) {
      if (limit < 1) return SLIDING_WINDOW_MS
      const free = limit - open
      if (free < 1) return ABOUT_TO_END_MS
      return Math.max(0, nthLast(free) + SLIDING_WINDOW_MS - nowMs)
    },
  }
}
