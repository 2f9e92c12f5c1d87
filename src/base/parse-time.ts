import { isWritableTime } from './is-writable-time.ts'

/** A time as RFC 3339 writes it, and also without seconds. The part is its minute. */
const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * Returns the time that a text names as RFC 3339 writes it, with or without seconds. It is `null` for another text, and
 * for a day or an hour that does not exist. It is also `null` for a time that RFC 3339 cannot write in UTC.
 */
export function parseTime(text: string): Date | null {
  const minute = FORM.exec(text)?.[1]
  if (minute === undefined || !exists(minute)) return null
  const date = new Date(text)
  return isWritableTime(date) ? date : null
}

/** `Date` takes 30 February for 2 March, and 24:00 for the next day. */
function exists(minute: string): boolean {
  const date = new Date(`${minute}Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(minute)
}
