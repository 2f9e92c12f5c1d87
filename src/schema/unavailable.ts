import type { GraphQLError } from 'graphql'
import type { MfaFailure, Result } from '../mfa/failure.ts'
import { codedError, toFailureError } from './coded-error.ts'

/**
 * Returns the value of a read. If the read failed, it throws: the field is then `null`, with the error at its path.
 */
export function orUnavailable<T>(read: Result<T>): T {
  if (read.ok) return read.value
  throw toFieldError(read.failure)
}

/**
 * Returns the error of a field that could not be read. The field may stand below a change that was made, so no message
 * says that nothing was changed.
 */
export function toFieldError(failure: MfaFailure): GraphQLError {
  switch (failure.kind) {
    case 'RATE_LIMITED':
      return toFailureError(failure)
    case 'AMBIGUOUS_USER':
      return codedError(
        failure.kind,
        'GenAuth may have replied about another user, so this field shows nothing. Read the user again.',
      )
    default:
      return codedError(
        'UPSTREAM_UNAVAILABLE',
        'GenAuth could not be asked for this field. Try again later, or do without it.',
      )
  }
}
