import type { ErrorCode } from '../../src/execution/error-codes.ts'
import type { RequestFailure } from './request-failure.ts'

/**
 * The meaning of a code to the person at the page. Codes that only a faulty page can cause are `OTHER_VERSION`: page and
 * server are of different releases.
 */
export type RequestFailureKind =
  | 'SIGN_IN'
  | 'ISSUER_DOWN'
  | 'MISSING_RIGHT'
  | 'TOO_SLOW'
  | 'OVERLOADED'
  | 'RATE_LIMITED'
  | 'TOO_MANY_STREAMS'
  | 'TOO_MUCH'
  | 'OTHER_VERSION'
  | 'NO_RECORD'
  | 'NO_STORE'
  | 'FEATURE_OFF'
  | 'NOT_FOUND'
  | 'NO_USER'
  | 'NO_APPLICATION'
  | 'INVALID_INPUT'
  | 'AMBIGUOUS_USER'
  | 'PLAN_REQUIRED'
  | 'GENAUTH_FORBIDS'
  | 'GENAUTH_REFUSES'
  | 'GENAUTH_DOWN'
  | 'FAULT'
  | 'NETWORK'

const KINDS = {
  UNAUTHENTICATED: 'SIGN_IN',
  AUTHENTICATION_UNAVAILABLE: 'ISSUER_DOWN',
  DEADLINE_EXCEEDED: 'TOO_SLOW',
  FORBIDDEN: 'MISSING_RIGHT',
  ORIGIN_NOT_ALLOWED: 'OTHER_VERSION',
  NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_ALLOWED: 'OTHER_VERSION',
  NOT_ACCEPTABLE: 'OTHER_VERSION',
  UNSUPPORTED_MEDIA_TYPE: 'OTHER_VERSION',
  PAYLOAD_TOO_LARGE: 'TOO_MUCH',
  BAD_REQUEST: 'OTHER_VERSION',
  DOCUMENT_ID_MISMATCH: 'OTHER_VERSION',
  OVERLOADED: 'OVERLOADED',
  TOO_MANY_REFUSALS: 'RATE_LIMITED',
  TOO_MANY_STREAMS: 'TOO_MANY_STREAMS',
  FEATURE_OFF: 'FEATURE_OFF',
  DOCUMENT_ID_UNKNOWN: 'OTHER_VERSION',
  DOCUMENT_NOT_TRUSTED: 'OTHER_VERSION',
  PERSISTED_QUERY_NOT_SUPPORTED: 'OTHER_VERSION',
  LIMIT_EXCEEDED: 'TOO_MUCH',
  GRAPHQL_PARSE_FAILED: 'OTHER_VERSION',
  GRAPHQL_VALIDATION_FAILED: 'OTHER_VERSION',
  INTROSPECTION_DISABLED: 'OTHER_VERSION',
  OPERATION_RESOLUTION_FAILURE: 'OTHER_VERSION',
  BAD_USER_INPUT: 'INVALID_INPUT',
  AUDIT_UNAVAILABLE: 'NO_RECORD',
  STORE_UNAVAILABLE: 'NO_STORE',
  USER_NOT_FOUND: 'NO_USER',
  APPLICATION_NOT_FOUND: 'NO_APPLICATION',
  INVALID_INPUT: 'INVALID_INPUT',
  AMBIGUOUS_USER: 'AMBIGUOUS_USER',
  PLAN_REQUIRED: 'PLAN_REQUIRED',
  UPSTREAM_FORBIDDEN: 'GENAUTH_FORBIDS',
  OPERATION_REFUSED: 'GENAUTH_REFUSES',
  RATE_LIMITED: 'RATE_LIMITED',
  UPSTREAM_UNAVAILABLE: 'GENAUTH_DOWN',
  INTERNAL_SERVER_ERROR: 'FAULT',
  // These are codes of payloads. As the code of a request they would be those of another version.
  CHANGE_NOT_FOUND: 'OTHER_VERSION',
  CONFLICT: 'OTHER_VERSION',
  DUPLICATE_USER: 'OTHER_VERSION',
  NOT_ATTEMPTED: 'OTHER_VERSION',
  NOT_REVERTIBLE: 'OTHER_VERSION',
  POLICY_UNAVAILABLE: 'OTHER_VERSION',
  POLICY_VIOLATION: 'OTHER_VERSION',
  POOL_POLICY_CONFLICT: 'OTHER_VERSION',
  REVISION_CONFLICT: 'OTHER_VERSION',
  STEP_UP_REQUIRED: 'OTHER_VERSION',
  WRONG_STATE: 'OTHER_VERSION',
} as const satisfies Record<ErrorCode, RequestFailureKind>

/** Returns `true` for a code of this version. */
export function isRequestCode(code: unknown): code is keyof typeof KINDS {
  return typeof code === 'string' && Object.hasOwn(KINDS, code)
}

/** Returns what a code means to the person at the page. */
export function toKind(code: RequestFailure['code']): RequestFailureKind {
  switch (code) {
    case 'NETWORK':
    case 'NO_JSON':
      return 'NETWORK'
    case 'TIMEOUT':
      return 'TOO_SLOW'
    case 'OTHER':
      return 'FAULT'
    case 'LATER_RESULT':
      return 'OTHER_VERSION'
    default:
      return KINDS[code]
  }
}
