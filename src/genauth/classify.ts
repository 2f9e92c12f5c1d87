import { fail, isRetryable, type UpstreamResult } from '../mfa/failure.ts'
import { provesNothingDone } from '../mfa/failure-details.ts'
import type { Envelope } from './envelope.ts'
import { toContradiction, toDoubtfulFailure, toResult } from './failures.ts'
import { provesNotDone } from './proves-not-done.ts'
import type { CallKind, Reply } from './transport.ts'
import type { AttemptOutcome } from './upstream-observer.ts'

/** What a reply says of whether GenAuth works. `NEITHER` is as if the attempt had not been made. */
export type CallHealth = 'GOOD' | 'BAD' | 'NEITHER'

/** A reply, and all that is concluded from it. */
export interface ClassifiedReply {
  readonly reply: Reply
  /** GenAuth's envelope if the call succeeded, else the failure. A refused write is proven not to be made. */
  readonly result: UpstreamResult<Envelope>
  /** What GenAuth said, whether or not a write is in doubt. */
  readonly outcome: AttemptOutcome
  readonly health: CallHealth
  /** There were too many requests. */
  readonly isThrottled: boolean
  /** A fresh token may help. */
  readonly isUnauthorized: boolean
  /** The cause may be gone in a moment. */
  readonly isTransient: boolean
  /** Another attempt changes nothing for a second time: a read, or a write that is proven not to be made. */
  readonly isSafeToRepeat: boolean
}

/** How an attempt ended on our side. */
interface AttemptConditions {
  /** GenAuth had long enough to reply. */
  readonly hadTime: boolean
  /** The caller is still there. */
  readonly isWanted: boolean
}

const FAIR: AttemptConditions = { hadTime: true, isWanted: true }

/** Under any other a write is not proven to be made: accepted for later, a part, or an old reply from a gateway. */
const SUCCESS_HTTP_STATUSES: ReadonlySet<number> = new Set([200, 201])

/** What GenAuth, or a proxy before it, says while it is overloaded, restarted or cut off. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** Judges a reply. This happens once for each attempt; everybody else reads the conclusions. */
export function classify(
  kind: CallKind,
  reply: Reply,
  conditions: AttemptConditions = FAIR,
): ClassifiedReply {
  const said = toResult(reply)
  const outcome = toOutcome(said)
  const isThrottled = outcome === 'RATE_LIMITED'
  const isTransient = isThrottled || (isUnavailable(said) && mayPass(reply))
  const isSafeToRepeat = kind !== 'WRITE' || provesNotDone(reply)
  return {
    reply,
    result: kind === 'WRITE' ? toWriteResult(said, reply, isSafeToRepeat) : said,
    outcome,
    health: toHealth(reply, isThrottled, isTransient, conditions),
    isThrottled,
    // A 401 whose finer code says something else is about something else.
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

function isUnavailable(said: UpstreamResult<Envelope>): boolean {
  return !said.ok && said.failure.kind === 'UPSTREAM_UNAVAILABLE'
}

function mayPass(reply: Reply): boolean {
  return reply.kind === 'NONE' ? reply.reason !== 'UNSENDABLE' : TRANSIENT_STATUSES.has(toStatus(reply))
}

/** GenAuth's own status, or that of HTTP where there is no envelope. */
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
 * What is known of a write. A refusal is one only where the reply proves that nothing was done, since every member
 * that names a refusal tells the caller so. Any other failure leaves the write in doubt.
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
  // A write that timed out, or lost its connection, is in doubt already.
  if (failure.kind === 'UPSTREAM_UNAVAILABLE' && !provesNothingDone(failure.reason)) return said
  return fail(toDoubtfulFailure(failure, isRetryable(failure)))
}

/**
 * A refusal is a reply: GenAuth works. A 429 says that it works, and no more than that. Neither does an attempt that
 * had little time or was called off, or a page under HTTP 4xx, which a firewall before GenAuth sends: these say more
 * of what a caller asked for.
 */
function toHealth(
  reply: Reply,
  isThrottled: boolean,
  isTransient: boolean,
  { hadTime, isWanted }: AttemptConditions,
): CallHealth {
  switch (reply.kind) {
    case 'NONE': {
      const isCalledOff = reply.reason === 'NOT_SENT' && !isWanted
      return isCalledOff || (reply.isLate && !hadTime) ? 'NEITHER' : 'BAD'
    }
    case 'NOT_AN_ENVELOPE':
      return reply.httpStatus >= 400 && reply.httpStatus < 500 ? 'NEITHER' : 'BAD'
    case 'ENVELOPE':
      if (isThrottled) return 'NEITHER'
      return isTransient ? 'BAD' : 'GOOD'
  }
}
