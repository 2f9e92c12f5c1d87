import { isThrottled, provesNotDone, toVerdict } from './failures.ts'
import type { Answer, CallKind } from './transport.ts'

/** What GenAuth, or a proxy before it, says while it is overloaded, restarted or cut off. */
export const PASSING_FAULTS: ReadonlySet<number> = new Set([500, 502, 503, 504])
/** The first one included. */
export const MAX_ATTEMPTS = 3
const BASE_WAIT_MS = 100
/** Who says "too many" wants more distance than who has stumbled. */
const THROTTLED_BASE_WAIT_MS = 500
const MAX_WAIT_MS = 2_000

/**
 * Whether a call may be made again after this answer. A read: after whatever passes. A write: only where the answer
 * proves that it was not carried out, so that no second copy of it undoes what somebody else has written meanwhile.
 */
export function isSafeToRepeat(kind: CallKind, answer: Answer): boolean {
  if (kind === 'WRITE' && !provesNotDone(answer)) return false
  const verdict = toVerdict(answer)
  if (verdict.ok) return false
  if (verdict.failure.kind === 'RATE_LIMITED') return true
  if (verdict.failure.kind !== 'UPSTREAM_UNAVAILABLE') return false
  switch (answer.kind) {
    case 'NONE':
      return answer.reason !== 'UNSENDABLE'
    case 'FOREIGN':
      return PASSING_FAULTS.has(answer.httpStatus)
    case 'ENVELOPE':
      return PASSING_FAULTS.has(answer.envelope.statusCode)
  }
}

/**
 * How long to wait before the next attempt: "full jitter", anything from nothing to a limit that doubles, so that
 * callers who failed together do not come back together. What the answer itself asks for is waited besides.
 *
 * @param attempt the one that failed, from 1
 * @param random from 0 to 1
 */
export function toWaitMs(answer: Answer, attempt: number, random: number): number {
  const retryAfterMs = answer.kind === 'NONE' ? null : answer.retryAfterMs
  const baseMs = isThrottled(answer) ? THROTTLED_BASE_WAIT_MS : BASE_WAIT_MS
  return (retryAfterMs ?? 0) + random * Math.min(MAX_WAIT_MS, baseMs * 2 ** (attempt - 1))
}
