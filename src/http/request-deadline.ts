import type { IncomingMessage } from 'node:http'
import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline } from '../base/deadline.ts'
import type { AccessLogFields } from './access-log.ts'

/** Nine digits are eleven days. A larger number might not be kept exactly. */
const WHOLE_MS = /^0*[1-9]\d{0,8}$/

/** Starts the deadline of a request that has just arrived. */
export type StartDeadline = (request: IncomingMessage, fields: AccessLogFields) => Deadline

/**
 * A caller may ask for less time in `x-request-deadline-ms`, in whole milliseconds from 1. A malformed value is
 * ignored, and counted for the log.
 *
 * @param maxMs the time of a request that asks for no less
 */
export function createStartDeadline(maxMs: number, clock: Clock): StartDeadline {
  let ignoredDeadlines = 0

  return ({ headers }, fields) => {
    const header = headers['x-request-deadline-ms']
    if (header === undefined) return createDeadline(maxMs, clock)
    if (typeof header === 'string' && WHOLE_MS.test(header)) {
      return createDeadline(Math.min(Number(header), maxMs), clock)
    }
    fields.ignoredDeadlines = ++ignoredDeadlines
    return createDeadline(maxMs, clock)
  }
}
