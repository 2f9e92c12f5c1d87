import type { FieldError, UpstreamAnswer } from './failure-details.ts'
import type { FailureLogLine, FailureRow } from './failure-row.ts'
import { HISTORY_FAILURES } from './history-failures.ts'
import { JOB_FAILURES } from './job-failures.ts'
import { OWN_FAILURES } from './own-failures.ts'
import { POLICY_FAILURES } from './policy-failures.ts'
import { UPSTREAM_FAILURES } from './upstream-failures.ts'

const CHANGE_ROWS = { ...UPSTREAM_FAILURES, ...OWN_FAILURES }
const ROWS = { ...CHANGE_ROWS, ...JOB_FAILURES, ...POLICY_FAILURES, ...HISTORY_FAILURES }

export type MfaFailureKind = keyof typeof ROWS

type FailureDetails = { [K in MfaFailureKind]: (typeof ROWS)[K] extends FailureRow<infer D> ? D : never }

/** One kind of failure. `cause` is for this server's own logs and never leaves the process. */
export type MfaFailureOf<K extends MfaFailureKind> = {
  readonly kind: K
  readonly upstream: UpstreamAnswer | null
  readonly cause?: unknown
} & FailureDetails[K]

type AnyOf<K extends MfaFailureKind> = { [L in K]: MfaFailureOf<L> }[K]

/** The failures in which a call to GenAuth may end. */
export type UpstreamFailure = AnyOf<keyof typeof UPSTREAM_FAILURES>

/** Every failure on which a caller can act. */
export type MfaFailure = AnyOf<MfaFailureKind>

type FailureTable = { readonly [K in MfaFailureKind]: FailureRow<MfaFailureOf<K>> }

/** The row of each kind. */
export const FAILURES: FailureTable = ROWS

export const FAILURE_KINDS = Object.keys(ROWS) as readonly MfaFailureKind[]

/** The kinds in which a change of users may end. */
export const CHANGE_FAILURE_KINDS = Object.keys(CHANGE_ROWS) as readonly (keyof typeof CHANGE_ROWS)[]

/** The kinds in which a read of a user may end. */
export const READ_FAILURE_KINDS = FAILURE_KINDS.filter(kind => ROWS[kind].inReads !== 'NEVER')

/** A value, or the reason why there is none. */
export type Result<T, F extends MfaFailure = MfaFailure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: F }

/** The result of a call to GenAuth. */
export type UpstreamResult<T> = Result<T, UpstreamFailure>

export function succeed<T>(value: T): Result<T, never> {
  return { ok: true, value }
}

export function fail<F extends MfaFailure>(failure: F): Result<never, F> {
  return { ok: false, failure }
}

/** Returns a refusal of this server's own, which comes before any call to GenAuth. */
export function refusedInput(fieldErrors: readonly FieldError[]): MfaFailureOf<'INVALID_INPUT'> {
  return { kind: 'INVALID_INPUT', upstream: null, fieldErrors }
}

/** Returns the failure of a call that was not sent, because its time ran out or no call can be sent at the moment. */
export function notSent(cause?: unknown): MfaFailureOf<'UPSTREAM_UNAVAILABLE'> {
  return {
    kind: 'UPSTREAM_UNAVAILABLE',
    upstream: null,
    reason: 'NOT_SENT',
    retryable: true,
    outcome: null,
    observed: null,
    cause,
  }
}

/** Returns a failure that came before the write. It proves to the caller that nothing was changed. */
export function notApplied(failure: MfaFailure): MfaFailure {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' ? { ...failure, outcome: 'NOT_APPLIED' } : failure
}

/** Returns `true` if the call that failed so was never sent. */
export function isNotSent(failure: MfaFailure): boolean {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' && failure.reason === 'NOT_SENT'
}

/** Returns the same failure with paths that start further up, as the caller wrote them. */
export function under(path: readonly string[], failure: UpstreamFailure): UpstreamFailure
export function under(path: readonly string[], failure: MfaFailure): MfaFailure
export function under(path: readonly string[], failure: MfaFailure): MfaFailure {
  if (failure.kind !== 'INVALID_INPUT') return failure
  const fieldErrors = failure.fieldErrors.map(fault => ({ ...fault, path: [...path, ...fault.path] }))
  return { ...failure, fieldErrors }
}

/**
 * Returns the failure of a read. GenAuth's clash (409) is meant for writes. For a read it becomes a refusal like
 * others.
 */
export function toReadFailure(failure: MfaFailure): MfaFailure {
  return failure.kind === 'CONFLICT' ? { ...failure, kind: 'OPERATION_REFUSED' } : failure
}

/** Returns `true` if the same request may succeed later. */
export function isRetryable<K extends MfaFailureKind>(failure: MfaFailureOf<K>): boolean {
  const { isRetryable } = FAILURES[failure.kind]
  return typeof isRetryable === 'function' ? isRetryable(failure) : isRetryable
}

/**
 * Returns the message for people. The words are always this server's own, because GenAuth's text may hold anything.
 */
export function toPublicMessage<K extends MfaFailureKind>(failure: MfaFailureOf<K>): string {
  const { message } = FAILURES[failure.kind]
  return typeof message === 'function' ? message(failure) : message
}

/** Returns the message of an error at a path, where no `fieldErrors` say more. */
export function toWholeMessage(failure: MfaFailure): string {
  const faults = failure.kind === 'INVALID_INPUT' ? failure.fieldErrors.map(({ message }) => message) : []
  return faults.length > 0 ? faults.join(' ') : toPublicMessage(failure)
}

/**
 * Returns the line that a call to GenAuth logs after this failure. `null` if nothing is logged, because callers cause
 * the failure.
 */
export function toLogLine<K extends MfaFailureKind>(failure: MfaFailureOf<K>): FailureLogLine | null {
  const { log } = FAILURES[failure.kind]
  return typeof log === 'function' ? log(failure) : (log ?? null)
}
