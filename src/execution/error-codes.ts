import { FAILURE_KINDS, FAILURES } from '../mfa/failure.ts'
import { RESOLVER_CODES } from '../schema/coded-error.ts'

/** Codes with which the request handler refuses a request before GraphQL sees it. */
const HTTP_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
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
  'TOO_MANY_STREAMS',
  'FEATURE_OFF',
  'STORE_UNAVAILABLE',
] as const

/** Codes of GraphQL errors that may reach a caller. An error with another code is unexpected, and is masked. */
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
  ...RESOLVER_CODES,
] as const

/** Kinds of failure that are errors at a path, because no union holds them there: `User.mfa` and look-ups. */
const FAILURE_CODES = FAILURE_KINDS.filter(kind => FAILURES[kind].inReads === 'ERROR')

/** The code of every error that has none of its own. */
export const UNEXPECTED = 'INTERNAL_SERVER_ERROR'

/** Every `extensions.code` that a caller may receive. A test compares `docs/errors.md` with it. */
export const ERROR_CODES = [
  ...new Set([...HTTP_CODES, ...GRAPHQL_CODES, ...FAILURE_CODES, UNEXPECTED] as const),
]

export type ErrorCode = (typeof ERROR_CODES)[number]

/** Returns the code if it is known, and `INTERNAL_SERVER_ERROR` if it is not. */
export function toErrorCode(code: unknown): ErrorCode {
  return ERROR_CODES.find(known => known === code) ?? UNEXPECTED
}

/** Codes that http/ throws. */
export type HttpErrorCode = (typeof HTTP_CODES)[number] | typeof UNEXPECTED

/** Codes that execution/ throws. */
export type GraphQLErrorCode = (typeof GRAPHQL_CODES)[number]

/** Every code that this server gives for a reason of its own. A test has a request that ends in each. */
export type OwnErrorCode = Exclude<HttpErrorCode | GraphQLErrorCode, typeof UNEXPECTED>

export function isGraphQLErrorCode(code: unknown): code is GraphQLErrorCode {
  return GRAPHQL_CODES.some(known => known === code)
}

const PUBLIC_CODES = new Set<unknown>([...GRAPHQL_CODES, ...FAILURE_CODES])

/** Returns `true` if a GraphQL error with this code may reach a caller unchanged. */
export function isPublicCode(code: unknown): boolean {
  return PUBLIC_CODES.has(code)
}
