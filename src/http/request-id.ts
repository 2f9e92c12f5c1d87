import { randomUUID } from 'node:crypto'

const ACCEPTED = /^[\w.:-]{1,128}$/

/** The caller's `x-request-id` when it is a plain token of at most 128 characters, else a new one. */
export function toRequestId(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && ACCEPTED.test(header) ? header : randomUUID()
}
