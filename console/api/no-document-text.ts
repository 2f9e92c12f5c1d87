/**
 * Stands in for the parser and the printer of GraphQL in urql. The page names its documents by their ids and has none of
 * their text, so the built page has neither of the two. See vite.config.ts.
 */
export class GraphQLError extends Error {
  override readonly name = 'GraphQLError'
  readonly extensions: Readonly<Record<string, unknown>>
  readonly path: readonly (string | number)[] | undefined

  constructor(
    message: string,
    _nodes?: unknown,
    _source?: unknown,
    _positions?: unknown,
    path?: readonly (string | number)[],
    _originalError?: unknown,
    extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.path = path
    this.extensions = extensions
  }
}

export const Kind = {
  DOCUMENT: 'Document',
  OPERATION_DEFINITION: 'OperationDefinition',
  FRAGMENT_DEFINITION: 'FragmentDefinition',
  FIELD: 'Field',
  INLINE_FRAGMENT: 'InlineFragment',
  NAME: 'Name',
}

/** @throws always */
export function parse(): never {
  throw new Error('The documents of this page have no text')
}

/** Returns the text of a document, which is empty. */
export function print(): string {
  return ''
}
