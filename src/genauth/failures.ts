import {
  fail,
  isRetryable,
  type MfaFailure,
  provesNothingDone,
  type Result,
  succeed,
  type UnavailableReason,
  type UpstreamAnswer,
} from '../mfa/failure.ts'
import type { Envelope } from './envelope.ts'
import type { Answer } from './transport.ts'

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

/** With a fresh nonce for each attempt it means that an earlier copy of this very request has arrived. */
const REPEATED_SIGNATURE = 1306

/** Under any other a write is not proven to be made: accepted for later, a part, or a gateway that had no answer and sent an old one. */
const SUCCESS_HTTP_STATUSES: ReadonlySet<number> = new Set([200, 201])

/** The check of a signature comes before all work, so that these refuse under any status. */
const REFUSED_SIGNATURES: ReadonlySet<number> = new Set([1300, 1301, 1302, 1303, 1304, 1305])

/** The finer code decides before the status, whatever status it came with. Codes not listed decide nothing. */
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
  // GenAuth gave up waiting. It refused nothing.
  [408, 'FAULT'],
  [409, 'CONFLICT'],
  [429, 'RATE_LIMITED'],
  [501, 'UNSUPPORTED'],
  // A third party or a customer's own script failed: repeating the call will not help.
  [602, 'LASTING_FAULT'],
  [603, 'LASTING_FAULT'],
])

/**
 * The one table from what GenAuth said to the closed union of failures, or its envelope when it said success. Its
 * contract says that the envelope decides, whatever the HTTP status.
 * What carries no envelope is judged by HTTP status only where that is beyond doubt: 429, and 401 (which has by
 * then been answered with a fresh token).
 */
export function toVerdict(answer: Answer): Result<Envelope> {
  switch (answer.kind) {
    case 'ENVELOPE': {
      const { envelope, retryAfterMs } = answer
      const meaning = toMeaning(envelope)
      return meaning === null
        ? succeed(envelope)
        : fail(describe(meaning, toUpstreamAnswer(envelope), retryAfterMs))
    }
    case 'FOREIGN':
      return fail({
        ...describe(toForeignMeaning(answer.httpStatus), null, answer.retryAfterMs),
        cause: answer.cause,
      })
    case 'NONE':
      return fail({ ...toUnanswered(answer.reason), cause: answer.cause })
  }
}

/**
 * What it means for a call that no token could be had for it: it was never sent. Whatever the token request was
 * refused for (a malformed key, an unknown one, no right) is a fault of our configuration, not of the caller.
 */
export function toTokenFailure(failure: MfaFailure): MfaFailure {
  switch (failure.kind) {
    case 'RATE_LIMITED':
      return failure
    case 'UPSTREAM_UNAVAILABLE':
      return failure.reason === 'REFUSED_CREDENTIALS' ? failure : { ...failure, reason: 'NOT_SENT' }
    case 'INVALID_INPUT':
    case 'USER_NOT_FOUND':
    case 'AMBIGUOUS_USER':
    case 'PLAN_REQUIRED':
    case 'UPSTREAM_FORBIDDEN':
    case 'CONFLICT':
    case 'REVISION_CONFLICT':
    case 'POLICY_VIOLATION':
    case 'STEP_UP_REQUIRED':
    case 'DUPLICATE_USER':
    case 'NOT_ATTEMPTED':
    case 'OPERATION_REFUSED':
      return unavailable('REFUSED_CREDENTIALS', false, failure.upstream)
  }
}

/** A success whose data has the wrong shape: no success. For a write it proves nothing either way. */
export function toWrongShapeFailure(envelope: Envelope, cause: unknown): MfaFailure {
  return { ...unavailable('FAULTY_ANSWER', true, toUpstreamAnswer(envelope)), cause }
}

/** Whether a fresh token may help. A 401 whose finer code says something else is about something else. */
export function isUnauthorized(answer: Answer): boolean {
  if (answer.kind === 'ENVELOPE') {
    return answer.envelope.statusCode === 401 && toMeaning(answer.envelope) === 'OUR_CREDENTIALS'
  }
  return answer.kind === 'FOREIGN' && answer.httpStatus === 401
}

/**
 * What was said of a write. A refusal is one only where the answer proves that nothing was done, since every member
 * that names a refusal tells the caller so. Any other failure leaves the write in doubt.
 */
export function toWriteVerdict(answer: Answer): Result<Envelope> {
  const verdict = toVerdict(answer)
  if (verdict.ok) return fitsSuccess(answer) ? verdict : fail(toContradiction(verdict.value))
  if (provesNotDone(answer)) return verdict
  const { failure } = verdict
  // A write that timed out, or lost its connection, is in doubt already.
  if (failure.kind === 'UPSTREAM_UNAVAILABLE' && !provesNothingDone(failure.reason)) return verdict
  const { upstream, cause } = failure
  return fail({ ...unavailable('FAULTY_ANSWER', isRetryable(failure), upstream), cause })
}

/**
 * Whether an attempt at a write is proven to have changed nothing: nothing of it was written to a connection, or
 * GenAuth itself refused it. A page without an envelope is not GenAuth's word, whatever its status: whoever wrote it
 * may have passed the write on before.
 */
export function provesNotDone(answer: Answer): boolean {
  switch (answer.kind) {
    case 'NONE':
      return answer.reason === 'NOT_SENT' || answer.reason === 'UNSENDABLE'
    case 'FOREIGN':
      return false
    case 'ENVELOPE': {
      const { envelope, httpStatus } = answer
      const { apiCode, data } = envelope
      if (saysDone(data)) return false
      if (apiCode != null && REFUSED_SIGNATURES.has(apiCode)) return true
      return apiCode !== REPEATED_SIGNATURE && meansRefusal(envelope.statusCode) && allowsRefusal(httpStatus)
    }
  }
}

/** Whether there were too many requests. */
export function isThrottled(answer: Answer): boolean {
  const verdict = toVerdict(answer)
  return !verdict.ok && verdict.failure.kind === 'RATE_LIMITED'
}

function fitsSuccess(answer: Answer): boolean {
  return answer.kind === 'ENVELOPE' && SUCCESS_HTTP_STATUSES.has(answer.httpStatus)
}

/** A success in the envelope and a failure in the HTTP status. */
function toContradiction(envelope: Envelope): MfaFailure {
  return unavailable('FAULTY_ANSWER', true, toUpstreamAnswer(envelope))
}

/** A refusal that says beside it that the write was made says nothing. */
function saysDone(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'success' in data && data.success === true
}

/** The request was understood and is not carried out. 408 and 499 say that somebody did not wait for the end. */
function meansRefusal(statusCode: number): boolean {
  return (
    statusCode === 501 || (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 499)
  )
}

/** GenAuth sends its refusals under HTTP 200. Under a gateway's "no answer in time" the body proves nothing. */
function allowsRefusal(httpStatus: number): boolean {
  return (httpStatus >= 200 && httpStatus < 300) || meansRefusal(httpStatus)
}

function toUnanswered(reason: Extract<Answer, { kind: 'NONE' }>['reason']) {
  return reason === 'UNSENDABLE' ? unavailable('NOT_SENT', false, null) : unavailable(reason, true, null)
}

function toForeignMeaning(httpStatus: number): Meaning {
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
): MfaFailure {
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
