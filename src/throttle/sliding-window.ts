/**
 * What has left this process lately, and what is about to. A request that has its turn leaves some time later: its
 * process may be busy, or its connection new. So it counts from its turn on, and for a whole window from the moment
 * at which it has really left: no second of GenAuth's sees more than the limit, however late a request is.
 */
export interface SlidingWindow {
  /** A request has its turn. */
  take(): void
  /** One that had its turn begins to be written now, or never will. Once for each. */
  depart(): void
  /** In the window that ends now, those about to leave included. */
  count(): number
  /** Until one more may have its turn with at most so many in a window. */
  waitMs(limit: number): number
}

/**
 * Longer than the second that counts, since requests do not arrive at the distance at which they left: at most the
 * limit in any 1,035 ms is 96.6 % of it in the long run.
 */
export const SLIDING_WINDOW_MS = 1_035
/** As many as the limit have their turn and none has left yet, which is a matter of moments. */
const ABOUT_TO_LEAVE_MS = 5

/** @param capacity the highest limit that is ever asked about */
export function createSlidingWindow(capacity: number, now: () => number): SlidingWindow {
  const times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  let leaving = 0
  let inWindow = 0
  const nthLast = (n: number) => times[(next - n + capacity) % capacity] ?? Number.NEGATIVE_INFINITY
  return {
    take() {
      leaving++
    },
    depart() {
      leaving--
      times[next] = now()
      next = (next + 1) % capacity
      inWindow = Math.min(capacity, inWindow + 1)
    },
    count() {
      const sinceMs = now() - SLIDING_WINDOW_MS
      while (inWindow > 0 && nthLast(inWindow) <= sinceMs) inWindow--
      return inWindow + leaving
    },
    waitMs(limit) {
      if (limit < 1) return SLIDING_WINDOW_MS
      const free = limit - leaving
      if (free < 1) return ABOUT_TO_LEAVE_MS
      return Math.max(0, nthLast(free) + SLIDING_WINDOW_MS - now())
    },
  }
}
