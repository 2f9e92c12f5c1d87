import { randomUUID } from 'node:crypto'

const ACCEPTED = /^[\w.:-]{1,128}$/

/** Returns the caller's `x-request-id` if it is a plain token of at most 128 characters, and a new id otherwise. */
export function toRequestId(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && ACCEPTED.test(header) ? header : randomUUID()
}
