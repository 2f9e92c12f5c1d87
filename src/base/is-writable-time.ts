/** Returns `true` if RFC 3339 can write a time in UTC. Its years have four digits. */
export function isWritableTime(date: Date): boolean {
  const year = date.getUTCFullYear()
  return year >= 0 && year <= 9_999
}
