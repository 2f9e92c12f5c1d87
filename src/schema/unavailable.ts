import type { GraphQLError } from 'graphql'
import type { MfaFailure, Result } from '../mfa/failure.ts'
import { codedError, toFailureError } from './coded-error.ts'

/**
 * Returns the value of a read. If the read failed, it throws: the field is then `null`, with the error at its path.
 */
export function orUnavailable<T>(read: Result<T>): T {
  if (read.ok) return read.value
  throw isOwnRefusal(read.failure) ? toFailureError(read.failure) : unavailable()
}

function unavailable(): GraphQLError {
  const message = 'GenAuth could not be asked for this field. Try again later, or do without it.'
  return codedError('UPSTREAM_UNAVAILABLE', message)
}

/** Returns `true` for a refusal of this server's own. Every other failure is GenAuth's. */
function isOwnRefusal({ kind }: MfaFailure): boolean {
  return kind === 'RATE_LIMITED' || kind === 'AMBIGUOUS_USER'
}
