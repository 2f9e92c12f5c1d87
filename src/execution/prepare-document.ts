import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  type ValidationRule,
  validate,
} from 'graphql'
import { createDocumentCache } from './document-cache.ts'
import { findLimitFault, findTextFault, MAX_TOKENS, toTokenLimitFault } from './document-limits.ts'
import type { GraphQLErrorCode } from './error-codes.ts'
import { MAX_ERRORS, toRequestError } from './request-error.ts'

/** A document that has been parsed and validated. */
export interface PreparedDocument {
  /** Null: the text is none. */
  readonly document: DocumentNode | null
  /** Empty: it may be executed. */
  readonly faults: readonly GraphQLError[]
}

export interface PrepareDocumentOptions {
  readonly schema: GraphQLSchema
  readonly rules: readonly ValidationRule[]
  /** Suggestions ("did you mean") tell of a schema that is not published. */
  readonly hideSuggestions: boolean
}

/**
 * Parses and validates documents, each text once while it is remembered. Holds them to their limits before anything
 * else is done with them, and gives every fault a stable code and a text that repeats nothing the caller sent but
 * names.
 */
export function createPrepareDocument({
  schema,
  rules,
  hideSuggestions,
}: PrepareDocumentOptions): (text: string) => PreparedDocument {
  const cache = createDocumentCache<PreparedDocument>()

  /** One less, since validation says itself that there are more. */
  const options = { hideSuggestions, maxErrors: MAX_ERRORS - 1 }
  const toMessage = hideSuggestions ? withoutSuggestion : (message: string) => message

  function prepare(text: string): PreparedDocument {
    const document = findTextFault(text) ?? tryParse(text)
    if (document instanceof GraphQLError) return { document: null, faults: [document] }
    const exceeded = findLimitFault(document)
    if (exceeded !== null) return { document, faults: [exceeded] }
    return { document, faults: validate(schema, document, rules, options).map(toFault) }
  }

  function tryParse(text: string): DocumentNode | GraphQLError {
    try {
      return parse(text, { maxTokens: MAX_TOKENS })
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      return toTokenLimitFault(error) ?? toParseFault(error)
    }
  }

  /** What the parser found is a word or a value of the document; what it expected is grammar. */
  function toParseFault({ message, source, positions }: GraphQLError): GraphQLError {
    const grammar = toMessage(message)
      .replace(/(Name|String|BlockString|Int|Float|Comment) ".*/s, '$1.')
      .replace(/: ".*/s, '.')
    const { extensions } = toRequestError('GRAPHQL_PARSE_FAILED', grammar)
    return new GraphQLError(grammar, { source, positions, extensions })
  }

  /** What a rule gives no code of its own has that of the specification's rules. */
  function toFault({ message, nodes = [], extensions }: GraphQLError): GraphQLError {
    const code = (extensions['code'] as GraphQLErrorCode | undefined) ?? 'GRAPHQL_VALIDATION_FAILED'
    return toRequestError(code, toMessage(message), nodes)
  }

  return text => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const prepared = prepare(text)
    cache.set(text, prepared)
    return prepared
  }
}

/** Some of graphql-js' rules, and its lexer, suggest whatever they are told. No name of a document holds these words. */
function withoutSuggestion(message: string): string {
  return message.replace(/[.,]? did you mean .*$/is, '.')
}
