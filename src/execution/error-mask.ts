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
 * Passes errors with a public code. An error of graphql-js about an argument is the caller's fault, such as a variable
 * that is null where a value is needed. It is worded anew. Everything else is logged without its text, and the caller
 * receives an unexpected error.
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
 * Returns `true` if graphql-js threw the error about an argument's value. A variable may be null at a place that must
 * not be null if that place has a default. The document is then valid, and only the execution finds the null.
 * graphql-js then points at the value in the document. All its other errors point at a field.
 */
function isAboutInput({ nodes, originalError }: GraphQLError): boolean {
  const [node] = nodes ?? []
  const isOfExecutor = originalError === undefined || originalError instanceof GraphQLError
  return isOfExecutor && node !== undefined && INPUT_KINDS.has(node.kind)
}
