import { fail, isRetryable, type UpstreamResult } from '../mfa/failure.ts'
import { provesNothingDone } from '../mfa/failure-details.ts'
import type { Envelope } from './envelope.ts'
import { toContradiction, toDoubtfulFailure, toResult } from './failures.ts'
import { provesNotDone } from './proves-not-done.ts'
import type { CallKind, Reply } from './transport.ts'
import type { AttemptOutcome } from './upstream-observer.ts'

/** Says whether a reply shows that GenAuth works. `NEITHER` counts as if the attempt had not been made. */
export type CallHealth = 'GOOD' | 'BAD' | 'NEITHER'

/** A reply, and all conclusions from it. */
export interface ClassifiedReply {
  readonly kind: 'REPLIED'
  readonly reply: Reply
  /** GenAuth's envelope if the call succeeded, otherwise the failure. A refused write is proven not to be made. */
  readonly result: UpstreamResult<Envelope>
  /** The outcome that GenAuth states, whether or not a write is in doubt. */
  readonly outcome: AttemptOutcome
  readonly health: CallHealth
  /** `true` if there were too many requests. */
  readonly isThrottled: boolean
  /** `true` if a fresh token may help. */
  readonly isUnauthorized: boolean
  /** `true` if the cause may be gone in a moment. */
  readonly isTransient: boolean
  /**
   * `true` if another attempt changes nothing for a second time: after a read, or after a write that is proven not to
   * be made.
   */
  readonly isSafeToRepeat: boolean
}

/** How an attempt ended on our side. */
interface AttemptConditions {
  /** `true` if GenAuth had enough time to reply. */
  readonly hadTime: boolean
  /** Returns `true` if the caller still waits. */
  readonly isWanted: () => boolean
}

const FAIR: AttemptConditions = { hadTime: true, isWanted: () => true }

/**
 * Any other status does not prove that a write was made. It may be accepted for later, a part, or an old reply of a
 * gateway.
 */
const SUCCESS_HTTP_STATUSES: ReadonlySet<number> = new Set([200, 201])

/** The statuses that GenAuth, or a proxy before it, sends while it is overloaded, restarted or cut off. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** Judges a reply. This happens once for each attempt. All other parts read the conclusions. */
export function classify(
  kind: CallKind,
  reply: Reply,
  conditions: AttemptConditions = FAIR,
): ClassifiedReply {
  const said = toResult(reply)
  const outcome = toOutcome(said)
  const isThrottled = outcome === 'RATE_LIMITED'
  const isUnavailable = !said.ok && said.failure.kind === 'UPSTREAM_UNAVAILABLE'
  const isTransient = isThrottled || (isUnavailable && mayPass(reply))
  const isSafeToRepeat = kind !== 'WRITE' || provesNotDone(reply)
  return {
    kind: 'REPLIED',
    reply,
    result: kind === 'WRITE' ? toWriteResult(said, reply, isSafeToRepeat) : said,
    outcome,
    health: toHealth(reply, isThrottled, isTransient, conditions),
    isThrottled,
    // If the finer code of a 401 names another cause, the credentials are not the cause.
    isUnauthorized: outcome === 'REFUSED_CREDENTIALS' && toStatus(reply) === 401,
    isTransient,
    isSafeToRepeat,
  }
}

function toOutcome(said: UpstreamResult<Envelope>): AttemptOutcome {
  if (said.ok) return 'OK'
  const { failure } = said
  return failure.kind === 'UPSTREAM_UNAVAILABLE' ? failure.reason : failure.kind
}

function mayPass(reply: Reply): boolean {
  return reply.kind === 'NONE' ? reply.reason !== 'UNSENDABLE' : TRANSIENT_STATUSES.has(toStatus(reply))
}

/** Returns GenAuth's own status, or the HTTP status if there is no envelope. */
function toStatus(reply: Reply): number {
  switch (reply.kind) {
    case 'ENVELOPE':
      return reply.envelope.statusCode
    case 'NOT_AN_ENVELOPE':
      return reply.httpStatus
    case 'NONE':
      return Number.NaN
  }
}

/**
 * Returns the result of a write. It is a refusal only if the reply proves that nothing was done, because each kind of
 * refusal tells the caller so. Any other failure leaves the write in doubt.
 */
function toWriteResult(
  said: UpstreamResult<Envelope>,
  reply: Reply,
  isProvenNotDone: boolean,
): UpstreamResult<Envelope> {
  if (said.ok) {
    const fitsSuccess = reply.kind === 'ENVELOPE' && SUCCESS_HTTP_STATUSES.has(reply.httpStatus)
    return fitsSuccess ? said : fail(toContradiction(said.value))
  }
  if (isProvenNotDone) return said
  const { failure } = said
  // These failures (a timeout, a lost connection) already say that the write is in doubt.
  if (failure.kind === 'UPSTREAM_UNAVAILABLE' && !provesNothingDone(failure.reason)) return said
  return fail(toDoubtfulFailure(failure, isRetryable(failure)))
}

/**
 * Judges whether GenAuth works. A refusal is a reply, so it shows that GenAuth works. Some attempts count neither way:
 *
 * - A 429 shows that GenAuth works, but no more than that.
 * - An attempt that had little time or was called off says more about its caller than about GenAuth.
 * - So does a page under HTTP 4xx, which a firewall before GenAuth sends.
 */
function toHealth(
  reply: Reply,
  isThrottled: boolean,
  isTransient: boolean,
  { hadTime, isWanted }: AttemptConditions,
): CallHealth {
  switch (reply.kind) {
    case 'NONE': {
      const isCalledOff = reply.reason === 'NOT_SENT' && !isWanted()
      return isCalledOff || (reply.isLate && !hadTime) ? 'NEITHER' : 'BAD'
    }
    case 'NOT_AN_ENVELOPE':
      return reply.httpStatus >= 400 && reply.httpStatus < 500 ? 'NEITHER' : 'BAD'
    case 'ENVELOPE':
      if (isThrottled) return 'NEITHER'
      return isTransient ? 'BAD' : 'GOOD'
  }
}
