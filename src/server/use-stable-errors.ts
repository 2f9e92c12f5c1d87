import { type ExecutionArgs, GraphQLError, type ValidationRule, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import { findVariableFaults } from './variable-faults.ts'

/** Codes that errors may leave with. Whatever carries none of them is a surprise, and is masked. */
const PUBLIC_CODES = new Set<unknown>([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'INTROSPECTION_DISABLED',
  'INVALID_INPUT',
  'USER_NOT_FOUND',
  'PLAN_REQUIRED',
  'UPSTREAM_FORBIDDEN',
  'CONFLICT',
  'OPERATION_REFUSED',
  'RATE_LIMITED',
  'UPSTREAM_UNAVAILABLE',
])

/**
 * Gives every error of the parser, the validator and the variables a stable code and a text that repeats nothing
 * the caller sent but names.
 */
export function useStableErrors(rules: readonly ValidationRule[]): Plugin {
  return {
    onParse() {
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) replaceParseResult(toParseError(result))
      }
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document) => validate(schema, document, rules))
    },
    onExecute({ args }) {
      return {
        onExecuteDone({ result, setResult }) {
          if (!('errors' in result) || result.data !== undefined) return
          const faults = findVariableFaults(args as ExecutionArgs)
          if (faults.length > 0) setResult({ errors: faults })
        },
      }
    },
  }
}

/** Passes errors with a public code; everything else is logged without its text and answered as unexpected. */
export function createErrorMask(log: Logger): (error: unknown) => GraphQLError {
  return error => {
    if (error instanceof GraphQLError && PUBLIC_CODES.has(error.extensions['code'])) {
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
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
  }
}

/** What the parser found is a word or a value of the document; what it expected is grammar. */
function toParseError(error: GraphQLError): GraphQLError {
  const message = error.message
    .replace(/(Name|String|BlockString|Int|Float|Comment) ".*/s, '$1.')
    .replace(/: ".*/s, '.')
  return new GraphQLError(message, {
    source: error.source,
    positions: error.positions,
    extensions: { code: 'GRAPHQL_PARSE_FAILED' },
  })
}
