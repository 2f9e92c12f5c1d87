/**
 * Counts the requests that this process has sent lately or is about to send. Times are monotonic.
 *
 * A request is written some time after it has its permit: the process may be busy, or the connection new. So a request
 * counts from its permit on, and for a whole window after the permit ends. GenAuth therefore receives no more than the
 * limit in any second, however late a request is.
 */
export interface SlidingWindow {
  /** Reports that a permit is given out. */
  take(): void
  /** Reports that a permit ends: its request begins to be written now, or never will. Call it once for each permit. */
  end(nowMs: number): void
  /** Returns the number of requests in the window that ends now, open permits included. */
  count(nowMs: number): number
  /** Returns the time until the next permit, if a window may hold at most `limit` requests. */
  waitMs(limit: number, nowMs: number): number
}

/**
 * Longer than the second that GenAuth counts, because requests do not arrive at the distance at which they were sent.
 * In the long run this allows 96.6 % of the limit.
 */
export const SLIDING_WINDOW_MS = 1_035
/** The wait while all permits are given out and none has ended. One of them ends soon. */
const ABOUT_TO_END_MS = 5

/** @param capacity the highest limit that is ever passed to `waitMs` */
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
