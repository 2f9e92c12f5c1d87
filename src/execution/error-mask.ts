import { GraphQLError, Kind } from 'graphql'
import type { Logger } from 'pino'
import { type GraphQLErrorCode, isPublicCode, UNEXPECTED } from './error-codes.ts'

const INPUT_MESSAGE =
  'An argument here is not valid: a variable is null, or left out, where a value is needed.'

const INPUT_KINDS: ReadonlySet<string> = new Set([
  Kind.VARIABLE,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
  Kind.LIST,
  Kind.NULL,
  Kind.ENUM,
  Kind.STRING,
  Kind.INT,
  Kind.FLOAT,
  Kind.BOOLEAN,
])

/**
 * Passes errors with a public code. What graphql-js throws about an argument, as a variable that is null where a value
 * is needed, is the caller's fault, in our own words. Everything else is logged without its text and answered as
 * unexpected.
 */
export function createErrorMask(log: Logger): (error: unknown) => GraphQLError {
  return error => {
    if (error instanceof GraphQLError && isPublicCode(error.extensions['code'])) {
      return error
    }
    if (error instanceof GraphQLError && isAboutInput(error)) {
      return new GraphQLError(INPUT_MESSAGE, {
        nodes: error.nodes ?? null,
        path: error.path ?? null,
        extensions: { code: 'BAD_USER_INPUT' satisfies GraphQLErrorCode },
      })
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

/**
 * Where a variable is allowed to be null and its place is not, only the execution finds out: the place has a default,
 * so that the document is valid. graphql-js then names the value in the document; everything else it says of a field.
 */
function isAboutInput({ nodes, originalError }: GraphQLError): boolean {
  const [node] = nodes ?? []
  const isOfExecutor = originalError === undefined || originalError instanceof GraphQLError
  return isOfExecutor && node !== undefined && INPUT_KINDS.has(node.kind)
}
