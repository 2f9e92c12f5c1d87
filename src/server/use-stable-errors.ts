import { type ExecutionArgs, GraphQLError, parse, type ValidationRule, validate } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import { findLimitFault, MAX_TOKENS, toTokenLimitFault } from './document-limits.ts'
import { type GraphQLErrorCode, isPublicCode, UNEXPECTED } from './error-codes.ts'
import { findVariableFaults } from './variable-faults.ts'

export interface StableErrorsOptions {
  readonly rules: readonly ValidationRule[]
  /** Suggestions ("did you mean") tell of a schema that is not published. */
  readonly hideSuggestions: boolean
}

/**
 * Holds documents to their limits before anything else is done with them, and gives every error of the parser, the validator and the variables a stable code and a text that repeats nothing
 * the caller sent but names.
 */
export function useStableErrors({ rules, hideSuggestions }: StableErrorsOptions): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string) => parse(source, { maxTokens: MAX_TOKENS }))
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError)
          replaceParseResult(toTokenLimitFault(result) ?? toParseError(result))
      }
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document) => {
        const exceeded = findLimitFault(document)
        return exceeded === null ? validate(schema, document, rules, { hideSuggestions }) : [exceeded]
      })
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

/** What the parser found is a word or a value of the document; what it expected is grammar. */
function toParseError(error: GraphQLError): GraphQLError {
  const message = error.message
    .replace(/(Name|String|BlockString|Int|Float|Comment) ".*/s, '$1.')
    .replace(/: ".*/s, '.')
  return new GraphQLError(message, {
    source: error.source,
    positions: error.positions,
    extensions: { code: 'GRAPHQL_PARSE_FAILED' satisfies GraphQLErrorCode },
  })
}
