import { GraphQLError } from 'graphql'
import { type MfaFailure, type MfaFailureKind, toWholeMessage } from '../mfa/failure.ts'

/** Codes of the GraphQL errors that resolvers throw, beside the kinds of failure. */
export const RESOLVER_CODES = ['FORBIDDEN', 'AUDIT_UNAVAILABLE', 'BAD_USER_INPUT', 'LIMIT_EXCEEDED'] as const

type ResolverCode = (typeof RESOLVER_CODES)[number]

/** An error at a path. `status`: of the whole response, where it is not 200. */
export function codedError(
  code: ResolverCode | MfaFailureKind,
  message: string,
  status: number | null = null,
): GraphQLError {
  return new GraphQLError(message, {
    extensions: status === null ? { code } : { code, http: { status } },
  })
}

/** A failure where there is no union to hold it. */
export function toFailureError(failure: MfaFailure): GraphQLError {
  return codedError(failure.kind, toWholeMessage(failure))
}
