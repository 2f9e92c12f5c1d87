import { type MfaChangeEffect, toEffectVerb } from './change-effect.ts'
import type { MfaPolicyRule } from './guard-rail.ts'
import type { MfaState } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/** Where an input is at fault: the path from the argument down, and our own words. Never the value. */
export interface FieldError {
  readonly path: readonly string[]
  readonly message: string
}

/** What GenAuth itself answered, for whoever follows a case up with its support. Null: it said nothing. */
export interface UpstreamAnswer {
  readonly statusCode: number | null
  readonly apiCode: number | null
  readonly requestId: string | null
}

/** Whether a write that failed may have happened. */
export const MFA_WRITE_OUTCOMES = ['NOT_APPLIED', 'UNKNOWN'] as const

export type MfaWriteOutcome = (typeof MFA_WRITE_OUTCOMES)[number]

/**
 * Why GenAuth could not be used, as far as it matters to a write: whether the request can have arrived; see
 * `provesNothingDone`.
 */
export type UnavailableReason =
  | 'NOT_SENT'
  | 'REFUSED_CREDENTIALS'
  | 'UNSUPPORTED'
  | 'LOCK_NOT_SHARED'
  | 'FAULTY_ANSWER'
  | 'CONNECTION_LOST'
  | 'TIMED_OUT'

/** Reasons that prove by themselves that nothing was done. */
type ReasonOfNothingDone = 'NOT_SENT' | 'REFUSED_CREDENTIALS' | 'UNSUPPORTED' | 'LOCK_NOT_SHARED'

const REASONS_OF_NOTHING_DONE: ReadonlySet<UnavailableReason> = new Set<ReasonOfNothingDone>([
  'NOT_SENT',
  'REFUSED_CREDENTIALS',
  'UNSUPPORTED',
  'LOCK_NOT_SHARED',
])

/** Whether a write that failed for this reason cannot have been carried out. */
export function provesNothingDone(reason: UnavailableReason): reason is ReasonOfNothingDone {
  return REASONS_OF_NOTHING_DONE.has(reason)
}

/** A user's state as it was seen when something failed. */
export interface SeenMfa {
  readonly user: UserRef
  readonly state: MfaState
}

interface FailureDetails {
  INVALID_INPUT: { readonly fieldErrors: readonly FieldError[] }
  USER_NOT_FOUND: object
  AMBIGUOUS_USER: object
  PLAN_REQUIRED: object
  UPSTREAM_FORBIDDEN: object
  CONFLICT: object
  REVISION_CONFLICT: { readonly current: SeenMfa }
  POLICY_VIOLATION: { readonly rule: MfaPolicyRule; readonly effects: readonly MfaChangeEffect[] }
  STEP_UP_REQUIRED: {
    readonly acrValues: readonly string[]
    readonly maxAgeS: number
    readonly effects: readonly MfaChangeEffect[]
  }
  DUPLICATE_USER: { readonly firstIndex: number }
  NOT_ATTEMPTED: object
  OPERATION_REFUSED: object
  RATE_LIMITED: { readonly retryAfterMs: number | null; readonly origin: RateLimitOrigin }
  UPSTREAM_UNAVAILABLE: {
    readonly reason: UnavailableReason
    readonly retryable: boolean
    /** Null for a read. */
    readonly outcome: MfaWriteOutcome | null
    /** What was read after a write whose outcome was in doubt. */
    readonly observed: SeenMfa | null
  }
}

/** Who says that there were too many requests. */
export const RATE_LIMIT_ORIGINS = ['GENAUTH', 'LAYER'] as const

export type RateLimitOrigin = (typeof RATE_LIMIT_ORIGINS)[number]

export type MfaFailureKind = keyof FailureDetails

/** One kind of failure. `cause` is for our own logs and never leaves the process. */
export type MfaFailureOf<K extends MfaFailureKind> = {
  readonly kind: K
  readonly upstream: UpstreamAnswer | null
  readonly cause?: unknown
} & FailureDetails[K]

/** Everything that can go wrong and that a caller can act on. */
export type MfaFailure = { [K in MfaFailureKind]: MfaFailureOf<K> }[MfaFailureKind]

/** A value, or the reason why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: MfaFailure }

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail(failure: MfaFailure): Result<never> {
  return { ok: false, failure }
}

/** A refusal of our own, before GenAuth was asked. */
export function refusedInput(fieldErrors: readonly FieldError[]): MfaFailureOf<'INVALID_INPUT'> {
  return { kind: 'INVALID_INPUT', upstream: null, fieldErrors }
}

/** A call that was not sent, since its time ran out or there is no way through at the moment. */
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

/** The same failure with its paths starting further up, as the caller wrote them. */
export function under(path: readonly string[], failure: MfaFailure): MfaFailure {
  if (failure.kind !== 'INVALID_INPUT') return failure
  const fieldErrors = failure.fieldErrors.map(fault => ({ ...fault, path: [...path, ...fault.path] }))
  return { ...failure, fieldErrors }
}

/** The failure of a read. A clash (409) is said of writes; GenAuth saying it of a read is one more refusal. */
export function toReadFailure(failure: MfaFailure): MfaFailure {
  return failure.kind === 'CONFLICT' ? { ...failure, kind: 'OPERATION_REFUSED' } : failure
}

/** Whether the same request may succeed later. */
export function isRetryable(failure: MfaFailure): boolean {
  switch (failure.kind) {
    case 'RATE_LIMITED':
    case 'NOT_ATTEMPTED':
      return true
    case 'UPSTREAM_UNAVAILABLE':
      return failure.retryable
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
    case 'OPERATION_REFUSED':
      return false
  }
}

/** What a person is told. Always ours: GenAuth's text may hold anything. */
export function toPublicMessage(failure: MfaFailure): string {
  switch (failure.kind) {
    case 'INVALID_INPUT':
      return 'The input is not valid; fieldErrors says where.'
    case 'USER_NOT_FOUND':
      return 'GenAuth knows no user with this identifier.'
    case 'AMBIGUOUS_USER':
      return 'GenAuth does not show that this identifier names one user; nothing was changed. Name the user by another one.'
    case 'PLAN_REQUIRED':
      return 'The plan of this GenAuth user pool does not include this call. Its owner can change the plan.'
    case 'UPSTREAM_FORBIDDEN':
      return 'The access key of this service has no right to do this in GenAuth. Its operator can grant it.'
    case 'CONFLICT':
      return 'GenAuth refused: the change clashes with what is stored. Read the user again.'
    case 'REVISION_CONFLICT':
      return 'That revision does not name this user and the state as it is now; nothing was changed. Read the user again.'
    case 'POLICY_VIOLATION':
      return toRuleMessage(failure)
    case 'STEP_UP_REQUIRED':
      return `This ${toEffectVerb(failure.effects)} MFA and needs a fresh sign-in; nothing was changed. Sign in again as maxAgeS and acrValues say.`
    case 'DUPLICATE_USER':
      return 'This user was named before in the same list and is set only once.'
    case 'NOT_ATTEMPTED':
      return 'Not attempted, because one before it failed. Send it again.'
    case 'OPERATION_REFUSED':
      return 'GenAuth refused this operation for this user. Look at the user in GenAuth.'
    case 'RATE_LIMITED':
      return `${failure.origin === 'GENAUTH' ? 'GenAuth is throttling requests.' : 'Too many requests.'} Try again later.`
    case 'UPSTREAM_UNAVAILABLE':
      return failure.reason === 'LOCK_NOT_SHARED'
        ? 'The replicas of this service cannot share their locks at the moment, so nothing was changed. Try again later.'
        : toUnavailableMessage(failure.outcome)
  }
}

/** The same, for an error at a path, where no `fieldErrors` say more. */
export function toWholeMessage(failure: MfaFailure): string {
  const faults = failure.kind === 'INVALID_INPUT' ? failure.fieldErrors.map(({ message }) => message) : []
  return faults.length > 0 ? faults.join(' ') : toPublicMessage(failure)
}

function toRuleMessage({ rule, effects }: MfaFailureOf<'POLICY_VIOLATION'>): string {
  switch (rule) {
    case 'CALLER_UNKNOWN':
      return `This ${toEffectVerb(effects)} MFA, and your token does not say which GenAuth user you are; nothing was changed. It needs the claim that AUTH_USER_ID_CLAIM names.`
    case 'OWN_USER':
      return `This ${toEffectVerb(effects)} your own MFA, which is not allowed here; nothing was changed. Somebody else can do it.`
    case 'NO_FACTOR':
      return 'This would leave the user without any factor; set allowNoFactor to true if that is meant.'
    case 'REASON_REQUIRED':
      return 'This needs a reason; nothing was changed. Give one in reason.'
  }
}

function toUnavailableMessage(outcome: MfaWriteOutcome | null): string {
  switch (outcome) {
    case null:
      return 'GenAuth could not be asked, or gave no usable answer.'
    case 'NOT_APPLIED':
      return 'GenAuth could not be used, and nothing was changed.'
    case 'UNKNOWN':
      return 'It is not known whether the change was made, or will still be made. Read the user again.'
  }
}
