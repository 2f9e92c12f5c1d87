import type { introspection } from '../generated/schema.d.ts'
import type { FailureTexts, FailureWords } from '../texts/failure-texts.ts'
import { toKind } from './request-codes.ts'
import type { RequestFailure } from './request-failure.ts'

/** The error types of the schema. */
export type MfaErrorType = introspection['types']['MfaError']['possibleTypes']

/** An error as a document selects it. A member that only some types have may be missing. */
export interface MfaFailure {
  readonly __typename: string
  readonly code: string
  readonly message: string
  readonly retryable: boolean
  readonly requestId: string
  readonly outcome?: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN' | null
  /** The state as it was read after a part of the change may have been made. */
  readonly observed?: object | null
  readonly rule?: string | null
  readonly why?: string | null
  readonly origin?: string | null
  readonly retryAfterMs?: number | null
  readonly maxAgeS?: number | null
  readonly acrValues?: readonly string[] | null
  readonly fieldErrors?: readonly { readonly path: readonly string[]; readonly message: string }[] | null
}

/** The next thing that a person can do. `NONE`: nothing on this screen. */
export type NextAction = 'NONE' | 'TRY_AGAIN' | 'LOOK_AGAIN' | 'SIGN_IN' | 'STEP_UP' | 'RELOAD'

/** A failure in the words of the page. */
export interface ToldFailure extends FailureWords {
  /** The language of the explanation, if it is the server's own message. */
  readonly explanationLanguage?: 'en'
  readonly action: NextAction
  /** `true` if a change may have been made, or may not. */
  readonly isInDoubt: boolean
  readonly requestId: string | null
  /** How long to wait. `null` if nobody says. */
  readonly retryAfterMs: number | null
  /** The faults of the input, each with its place, in the English of the server. */
  readonly fieldErrors: readonly { readonly path: string; readonly message: string }[]
}

/** The types after which there is something to do on this screen. */
const ACTIONS: Partial<Record<MfaErrorType, NextAction>> = {
  MfaConflictError: 'LOOK_AGAIN',
  MfaJobStateError: 'LOOK_AGAIN',
  MfaNotRevertibleError: 'LOOK_AGAIN',
  MfaPolicyUnavailableError: 'TRY_AGAIN',
  MfaPoolPolicyConflictError: 'LOOK_AGAIN',
  MfaRateLimitedError: 'TRY_AGAIN',
  MfaRevisionConflictError: 'LOOK_AGAIN',
  MfaStepUpRequiredError: 'STEP_UP',
  MfaUpstreamUnavailableError: 'TRY_AGAIN',
}

/** Returns `true` if a payload is an error. Error types of later versions are among them. */
export function isMfaFailure<P extends { readonly __typename: string }>(
  payload: P,
): payload is P & MfaFailure {
  return 'code' in payload && 'message' in payload && 'retryable' in payload
}

/** Returns `true` unless the change of a failure, and each part of it, was proven not to be made. */
export function isInDoubt({ outcome = null, observed = null }: MfaFailure): boolean {
  return outcome === null ? observed !== null : outcome !== 'NOT_APPLIED'
}

/** Tells an error of the schema. For a type of a later version it tells the server's own message. */
export function tellMfaFailure(failure: MfaFailure, texts: FailureTexts): ToldFailure {
  const { __typename: type, rule = null, why = null, retryAfterMs = null } = failure
  const fieldErrors = (failure.fieldErrors ?? []).map(({ path, message }) => ({
    path: path.join('.'),
    message,
  }))
  const rest = { requestId: failure.requestId, retryAfterMs, fieldErrors }
  if (isInDoubt(failure)) {
    const words = type === 'MfaOperationRefusedError' ? texts.partlyRefused : texts.inDoubt
    return { ...words, action: 'LOOK_AGAIN', isInDoubt: true, ...rest }
  }
  if (!isKnownType(type, texts)) {
    const words = { ...texts.later, explanation: failure.message, explanationLanguage: 'en' as const }
    return { ...words, action: failure.retryable ? 'TRY_AGAIN' : 'NONE', isInDoubt: false, ...rest }
  }
  const words = texts.types[type]
  const detail = texts.rules[rule ?? ''] ?? texts.whys[why ?? ''] ?? texts.origins[failure.origin ?? '']
  const nextStep = texts.ruleSteps[rule ?? ''] ?? words.nextStep
  return {
    ...words,
    nextStep,
    ...(detail && { explanation: detail }),
    action: ACTIONS[type] ?? 'NONE',
    isInDoubt: false,
    ...rest,
  }
}

/**
 * Tells a request without a result.
 *
 * @param isChange `true` if the request was to change something. Its end may then be unknown
 */
export function tellRequestFailure(
  { code, isExecuted, requestId, retryAfterMs }: RequestFailure,
  texts: FailureTexts,
  isChange = false,
): ToldFailure {
  const rest = { requestId, retryAfterMs, fieldErrors: [] }
  if (isChange && isExecuted === 'UNKNOWN') {
    return { ...texts.inDoubt, action: 'LOOK_AGAIN', isInDoubt: true, ...rest }
  }
  const kind = toKind(code)
  return { ...texts.requests[kind], action: toAction(kind), isInDoubt: false, ...rest }
}

function toAction(kind: ReturnType<typeof toKind>): NextAction {
  switch (kind) {
    case 'SIGN_IN':
      return 'SIGN_IN'
    case 'OTHER_VERSION':
      return 'RELOAD'
    case 'ISSUER_DOWN':
    case 'TOO_SLOW':
    case 'OVERLOADED':
    case 'RATE_LIMITED':
    case 'TOO_MANY_STREAMS':
    case 'NO_RECORD':
    case 'NO_STORE':
    case 'GENAUTH_DOWN':
    case 'FAULT':
    case 'NETWORK':
      return 'TRY_AGAIN'
    case 'MISSING_RIGHT':
    case 'TOO_MUCH':
    case 'FEATURE_OFF':
    case 'NOT_FOUND':
    case 'NO_USER':
    case 'NO_APPLICATION':
    case 'INVALID_INPUT':
    case 'AMBIGUOUS_USER':
    case 'PLAN_REQUIRED':
    case 'GENAUTH_FORBIDS':
    case 'GENAUTH_REFUSES':
      return 'NONE'
  }
}

function isKnownType(type: string, { types }: FailureTexts): type is MfaErrorType {
  return Object.hasOwn(types, type)
}
