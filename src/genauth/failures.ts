import { fail, type UpstreamFailure, type UpstreamResult } from '../mfa/failure.ts'
import type { UnavailableReason, UpstreamAnswer } from '../mfa/failure-details.ts'
import type { Envelope } from './envelope.ts'
import { REPEATED_SIGNATURE } from './proves-not-done.ts'
import type { Reply } from './transport.ts'

type Meaning =
  | 'INVALID_INPUT'
  | 'USER_NOT_FOUND'
  | 'PLAN_REQUIRED'
  | 'UPSTREAM_FORBIDDEN'
  | 'CONFLICT'
  | 'OPERATION_REFUSED'
  | 'RATE_LIMITED'
  | 'OUR_CREDENTIALS'
  | 'UNSUPPORTED'
  | 'FAULT'
  | 'LASTING_FAULT'

/** The finer code decides before the status, whatever that is. Codes that are not listed decide nothing. */
const BY_API_CODE: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1300, 'OUR_CREDENTIALS'],
  [1301, 'OUR_CREDENTIALS'],
  [1302, 'OUR_CREDENTIALS'],
  [1303, 'OUR_CREDENTIALS'],
  [1304, 'OUR_CREDENTIALS'],
  [1305, 'OUR_CREDENTIALS'],
  [REPEATED_SIGNATURE, 'FAULT'],
  [2004, 'USER_NOT_FOUND'],
  [2005, 'OPERATION_REFUSED'],
  [2020, 'OUR_CREDENTIALS'],
  [2224, 'OUR_CREDENTIALS'],
  [4021, 'PLAN_REQUIRED'],
  [2120008, 'OPERATION_REFUSED'],
])

const BY_STATUS_CODE: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [400, 'INVALID_INPUT'],
  [401, 'OUR_CREDENTIALS'],
  [402, 'PLAN_REQUIRED'],
  [403, 'UPSTREAM_FORBIDDEN'],
  [404, 'USER_NOT_FOUND'],
  // GenAuth stopped waiting. It refused nothing.
  [408, 'FAULT'],
  [409, 'CONFLICT'],
  [429, 'RATE_LIMITED'],
  [501, 'UNSUPPORTED'],
  // A third party or a customer's own script failed. Repeating the call does not help.
  [602, 'LASTING_FAULT'],
  [603, 'LASTING_FAULT'],
])

/**
 * Maps a reply to the closed union of failures, or to its envelope if GenAuth states success. GenAuth's contract says
 * that the envelope decides, whatever the HTTP status is.
 *
 * A reply without an envelope is judged by its HTTP status only if there is no doubt. That is so for 429, and for 401,
 * because a fresh token was tried by then.
 */
export function toResult(reply: Reply): UpstreamResult<Envelope> {
  switch (reply.kind) {
    case 'ENVELOPE': {
      const { envelope, retryAfterMs } = reply
      const meaning = toMeaning(envelope)
      return meaning === null
        ? { ok: true, value: envelope }
        : fail(describe(meaning, toUpstreamAnswer(envelope), retryAfterMs))
    }
    case 'NOT_AN_ENVELOPE':
      return fail({
        ...describe(toMeaningOfStatus(reply.httpStatus), null, reply.retryAfterMs),
        ...(reply.httpStatus === 404 ? { isAddressUnknown: true } : {}),
        cause: reply.cause,
      })
    case 'NONE':
      return fail({ ...toUnanswered(reply.reason), cause: reply.cause })
  }
}

/**
 * Maps the failure of a token request to the failure of the call, which was never sent. GenAuth may refuse the token
 * request for a malformed key, an unknown key or a missing right. That is a fault of our configuration, not of the
 * caller.
 */
export function toTokenFailure(failure: UpstreamFailure): UpstreamFailure {
  switch (failure.kind) {
    case 'RATE_LIMITED':
      return failure
    case 'UPSTREAM_UNAVAILABLE':
      return failure.reason === 'REFUSED_CREDENTIALS' ? failure : { ...failure, reason: 'NOT_SENT' }
    default:
      return unavailable('REFUSED_CREDENTIALS', false, failure.upstream)
  }
}

/** A success whose data has the wrong shape is a failure. It does not prove whether a write was made. */
export function toWrongShapeFailure(envelope: Envelope, cause: unknown): UpstreamFailure {
  return { ...toContradiction(envelope), cause }
}

/** Describes a success in the envelope that something else contradicts. */
export function toContradiction(envelope: Envelope): UpstreamFailure {
  return unavailable('FAULTY_ANSWER', true, toUpstreamAnswer(envelope))
}

/** Describes the refusal of a write that may have been made nevertheless. */
export function toDoubtfulFailure(failure: UpstreamFailure, retryable: boolean): UpstreamFailure {
  const { upstream, cause } = failure
  const isAddressUnknown = failure.kind === 'UPSTREAM_UNAVAILABLE' && failure.isAddressUnknown === true
  return {
    ...unavailable('FAULTY_ANSWER', retryable, upstream),
    ...(isAddressUnknown ? { isAddressUnknown } : {}),
    cause,
  }
}

function toUnanswered(reason: Extract<Reply, { kind: 'NONE' }>['reason']) {
  return reason === 'UNSENDABLE' ? unavailable('NOT_SENT', false, null) : unavailable(reason, true, null)
}

function toMeaningOfStatus(httpStatus: number): Meaning {
  if (httpStatus === 429) return 'RATE_LIMITED'
  return httpStatus === 401 ? 'OUR_CREDENTIALS' : 'FAULT'
}

function toMeaning({ statusCode, apiCode }: Envelope): Meaning | null {
  const byApiCode = apiCode == null ? undefined : BY_API_CODE.get(apiCode)
  if (byApiCode !== undefined) return byApiCode
  if (statusCode === 200) return null
  const byStatusCode = BY_STATUS_CODE.get(statusCode)
  if (byStatusCode !== undefined) return byStatusCode
  return statusCode >= 400 && statusCode < 500 ? 'OPERATION_REFUSED' : 'FAULT'
}

function describe(
  meaning: Meaning,
  upstream: UpstreamAnswer | null,
  retryAfterMs: number | null,
): UpstreamFailure {
  switch (meaning) {
    case 'INVALID_INPUT':
      return {
        kind: meaning,
        upstream,
        fieldErrors: [{ path: [], message: 'GenAuth refused a value as malformed.' }],
      }
    case 'RATE_LIMITED':
      return { kind: meaning, upstream, retryAfterMs, origin: 'GENAUTH' }
    case 'OUR_CREDENTIALS':
      return unavailable('REFUSED_CREDENTIALS', false, upstream)
    case 'UNSUPPORTED':
      return unavailable('UNSUPPORTED', false, upstream)
    case 'FAULT':
      return unavailable('FAULTY_ANSWER', true, upstream)
    case 'LASTING_FAULT':
      return unavailable('FAULTY_ANSWER', false, upstream)
    case 'USER_NOT_FOUND':
    case 'PLAN_REQUIRED':
    case 'UPSTREAM_FORBIDDEN':
    case 'CONFLICT':
    case 'OPERATION_REFUSED':
      return { kind: meaning, upstream }
  }
}

function unavailable(reason: UnavailableReason, retryable: boolean, upstream: UpstreamAnswer | null) {
  return { kind: 'UPSTREAM_UNAVAILABLE', upstream, reason, retryable, outcome: null, observed: null } as const
}

function toUpstreamAnswer({ statusCode, apiCode, requestId }: Envelope): UpstreamAnswer {
  return { statusCode, apiCode: apiCode ?? null, requestId: requestId ?? null }
}
