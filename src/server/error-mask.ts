import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { isPublicCode, UNEXPECTED } from './error-codes.ts'

/** Passes errors with a public code; everything else is logged without its text and answered as unexpected. */
export function createErrorMask(log: Logger): (error: unknown) => GraphQLError {
  return error => {
    if (error instanceof GraphQLError && isPublicCode(error.extensions['code'])) {
      return error
    }
    log.error(
      { err: error instanceof GraphQLError ? (error.originalError ?? error) : error },
      'unexpected error',
    )
    const { nodes = null, path = null } = error instanceof GraphQLError ? error : {}
    return new GraphQLError('Unexpected error.', {
      nodes,
      path,
      extensions: { code: UNEXPECTED },
    })
  }
}
