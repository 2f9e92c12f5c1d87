import { GraphQLError } from 'graphql'
import { type MfaFailure, type MfaFailureKind, toWholeMessage } from '../mfa/failure.ts'

/** The codes of the GraphQL errors that resolvers throw, in addition to the kinds of failure. */
export const RESOLVER_CODES = [
  'FORBIDDEN',
  'AUDIT_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'BAD_USER_INPUT',
  'LIMIT_EXCEEDED',
  'APPLICATION_NOT_FOUND',
  'USER_NOT_FOUND',
  'NOT_FOUND',
  'FEATURE_OFF',
] as const

type ResolverCode = (typeof RESOLVER_CODES)[number]

/**
 * Returns an error at a path.
 *
 * @param status the status of the whole response, if it is not 200
 */
export function codedError(
  code: ResolverCode | MfaFailureKind,
  message: string,
  status: number | null = null,
): GraphQLError {
  return new GraphQLError(message, {
    extensions: status === null ? { code } : { code, http: { status } },
  })
}

/** Returns a failure as an error, for a field without a union that could hold it. */
export function toFailureError(failure: MfaFailure): GraphQLError {
  return codedError(failure.kind, toWholeMessage(failure))
}
