/** What has left this process lately. */
export interface Departures {
  add(): void
  /** In the window that ends now. */
  count(): number
  /** Until one more leaves the window with at most so many. */
  waitMs(limit: number): number
}

/** As in the pace of one process: a little more than the second that counts. */
export const DEPARTURES_WINDOW_MS = 1_020

/** @param capacity the highest limit that is ever asked about */
export function createDepartures(capacity: number, now: () => number): Departures {
  const times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  const nthLast = (n: number) => times[(next - n + capacity) % capacity] ?? Number.NEGATIVE_INFINITY
  return {
    add() {
      times[next] = now()
      next = (next + 1) % capacity
    },
    count() {
      const sinceMs = now() - DEPARTURES_WINDOW_MS
      return times.reduce((sum, atMs) => (atMs > sinceMs ? sum + 1 : sum), 0)
    },
    waitMs(limit) {
      if (limit < 1) return DEPARTURES_WINDOW_MS
      return Math.max(0, nthLast(limit) + DEPARTURES_WINDOW_MS - now())
    },
  }
}
