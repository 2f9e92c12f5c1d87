/** Nine digits are eleven days; more would only be a number that cannot be kept. */
const WHOLE_MS = /^0*[1-9]\d{0,8}$/

/** What a caller asks for in `x-request-deadline-ms`: whole milliseconds from 1. Undefined: nothing is asked. */
export function toRequestDeadlineMs(header: string | string[] | undefined): number | 'MALFORMED' | undefined {
  if (header === undefined) return undefined
  return typeof header === 'string' && WHOLE_MS.test(header) ? Number(header) : 'MALFORMED'
}
