import type { MfaFailureKind } from '../mfa/failure.ts'

/** Codes of errors that the edge answers with, before GraphQL sees the request. */
const EDGE_CODES = [
  'UNAUTHENTICATED',
  'AUTHENTICATION_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'ORIGIN_NOT_ALLOWED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
  'BAD_REQUEST',
  'DOCUMENT_ID_MISMATCH',
  'OVERLOADED',
  'TOO_MANY_REFUSALS',
] as const

/** Codes that GraphQL errors may leave with. Whatever carries none of them is a surprise, and is masked. */
const GRAPHQL_CODES = [
  'BAD_REQUEST',
  'DOCUMENT_ID_UNKNOWN',
  'DOCUMENT_NOT_TRUSTED',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'LIMIT_EXCEEDED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTROSPECTION_DISABLED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'AUDIT_UNAVAILABLE',
] as const

/** Kinds of failure that are errors at a path, where there is no union to hold them: `User.mfa` and look-ups. */
const FAILURE_CODES = [
  'INVALID_INPUT',
  'AMBIGUOUS_USER',
  'PLAN_REQUIRED',
  'UPSTREAM_FORBIDDEN',
  'OPERATION_REFUSED',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
] as const satisfies readonly MfaFailureKind[]

/** In the place of everything that has no code of its own. */
export const UNEXPECTED = 'INTERNAL_SERVER_ERROR'

/** Every `extensions.code` that leaves this service; `docs/errors.md` is compared with it. */
export const ERROR_CODES = [
  ...new Set([...EDGE_CODES, ...GRAPHQL_CODES, ...FAILURE_CODES, UNEXPECTED] as const),
]

export type ErrorCode = (typeof ERROR_CODES)[number]

/** The code itself, or, for what is none of them, the one that stands in its place. */
export function toErrorCode(code: unknown): ErrorCode {
  return ERROR_CODES.find(known => known === code) ?? UNEXPECTED
}

/** What the edge may refuse with. */
export type HttpErrorCode = (typeof EDGE_CODES)[number] | typeof UNEXPECTED

/** What server/ gives its own GraphQL errors. */
export type GraphQLErrorCode = (typeof GRAPHQL_CODES)[number]

const PUBLIC_CODES = new Set<unknown>([...GRAPHQL_CODES, ...FAILURE_CODES])

/** Whether a GraphQL error with this code may leave as it is. */
export function isPublicCode(code: unknown): boolean {
  return PUBLIC_CODES.has(code)
}
