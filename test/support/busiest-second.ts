/** Counts the most of these times, in milliseconds and in order, that lie within any 1,000 ms. */
export function busiestSecond(timesMs: readonly number[]): number {
  let first = 0
  return timesMs.reduce((busiest, atMs, last) => {
    while ((timesMs[first] ?? atMs) <= atMs - 1_000) first++
    return Math.max(busiest, last - first + 1)
  }, 0)
}
