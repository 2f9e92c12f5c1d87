import type { ClassifiedReply } from './classify.ts'

/** The first one included. */
export const MAX_ATTEMPTS = 3
const BASE_WAIT_MS = 100
/** A GenAuth that says "too many" needs more distance than one that has stumbled. */
const THROTTLED_BASE_WAIT_MS = 500
const MAX_WAIT_MS = 2_000

/**
 * How long to wait before the next attempt: "full jitter", anything from nothing to a limit that doubles, so that
 * callers who failed together do not come back together. The wait that the reply asks for is added.
 *
 * @param attempt the number of the one that failed, from 1
 * @param random from 0 to 1
 */
export function toWaitMs(
  { reply, isThrottled }: Pick<ClassifiedReply, 'reply' | 'isThrottled'>,
  attempt: number,
  random: number,
): number {
  const retryAfterMs = reply.kind === 'NONE' ? null : reply.retryAfterMs
  const baseMs = isThrottled ? THROTTLED_BASE_WAIT_MS : BASE_WAIT_MS
  return (retryAfterMs ?? 0) + random * Math.min(MAX_WAIT_MS, baseMs * 2 ** (attempt - 1))
}
