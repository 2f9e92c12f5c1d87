/** Returns a time of milliseconds since 1970, or `null` for `null`. */
export function toDate(timeMs: number | null): Date | null {
  return timeMs === null ? null : new Date(timeMs)
}
