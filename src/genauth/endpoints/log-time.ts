import { z } from 'zod'
import { time } from './genauth-user.ts'

/** GenAuth was not there before. A number of seconds in place of milliseconds is a time in 1970. */
const EARLIEST_MS = Date.UTC(2000, 0, 1)
const LATEST_MS = Date.UTC(2100, 0, 1)

/**
 * A time of a log, in milliseconds since 1970. It is written in ISO 8601 with `Z` or an offset, with or without its
 * colon, or in milliseconds. A time without an offset is none, because it may be of any zone.
 */
export const logTimeMs = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{13}$/)
      .transform(Number),
    time.transform(date => date.getTime()),
  ])
  .pipe(z.number().min(EARLIEST_MS).max(LATEST_MS))
