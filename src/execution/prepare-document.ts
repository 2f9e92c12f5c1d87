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
import { isGraphQLErrorCode } from './error-codes.ts'
import { findSubscriptionFault } from './find-subscription-fault.ts'
import { MAX_ERRORS, toRequestError } from './request-error.ts'

/** A document that has been parsed and validated. */
export interface PreparedDocument {
  /** `null` if the text is not a document. */
  readonly document: DocumentNode | null
  /** Empty if the document may be executed. */
  readonly faults: readonly GraphQLError[]
}

export interface PrepareDocumentOptions {
  readonly schema: GraphQLSchema
  readonly rules: readonly ValidationRule[]
  /** `true` removes suggestions ("did you mean"), which reveal a schema that is not published. */
  readonly hideSuggestions: boolean
}

/**
 * Parses and validates documents. Each text is processed once, as long as it is remembered.
 *
 * Documents are checked against their limits before anything else. Every fault gets a stable code, and a text that
 * repeats only names of the caller's document.
 */
export function createPrepareDocument({
  schema,
  rules,
  hideSuggestions,
}: PrepareDocumentOptions): (text: string) => PreparedDocument {
  const cache = createDocumentCache<PreparedDocument>()

  /** One less than the limit, because validation itself adds an error that says that there are more. */
  const options = { hideSuggestions, maxErrors: MAX_ERRORS - 1 }
  const toMessage = hideSuggestions ? withoutSuggestion : (message: string) => message

  function prepare(text: string): PreparedDocument {
    const document = findTextFault(text) ?? tryParse(text)
    if (document instanceof GraphQLError) return { document: null, faults: [document] }
    const fault = findLimitFault(document) ?? findSubscriptionFault(document)
    if (fault !== null) return { document, faults: [fault] }
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

  /**
   * The parser's message names a word or a value of the document, which is removed. The grammar that it expected stays.
   */
  function toParseFault({ message, source, positions }: GraphQLError): GraphQLError {
    const grammar = toMessage(message)
      .replace(/(Name|String|BlockString|Int|Float|Comment) ".*/s, '$1.')
      .replace(/: ".*/s, '.')
    const { extensions } = toRequestError('GRAPHQL_PARSE_FAILED', grammar)
    return new GraphQLError(grammar, { source, positions, extensions })
  }

  /** A fault without a code of its own gets the code of the specification's rules. */
  function toFault({ message, nodes = [], extensions }: GraphQLError): GraphQLError {
    const { code } = extensions
    return toRequestError(
      isGraphQLErrorCode(code) ? code : 'GRAPHQL_VALIDATION_FAILED',
      toMessage(message),
      nodes,
    )
  }

  return text => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const prepared = prepare(text)
    cache.set(text, prepared)
    return prepared
  }
}

/**
 * Some rules of graphql-js, and its lexer, suggest names whatever the options say. No name in a document holds the
 * words that are looked for.
 */
function withoutSuggestion(message: string): string {
  return message.replace(/[.,]? did you mean .*$/is, '.')
}
