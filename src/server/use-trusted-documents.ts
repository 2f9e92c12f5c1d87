import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import type { Plugin } from 'graphql-yoga'
import type { GraphQLErrorCode } from './error-codes.ts'
import { withDocumentId } from './graphql-params.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

export interface UseTrustedDocumentsOptions {
  readonly documents: TrustedDocuments
  /** Whether a text that is not listed is refused. */
  readonly only: boolean
}

/**
 * Looks up documents that are named by their id. With `only`, a text counts as the listed document that has its
 * tokens, so that a page or a client without a build step can be used beside clients that send ids.
 */
export function useTrustedDocuments({ documents, only }: UseTrustedDocumentsOptions): Plugin[] {
  const nameListedTexts: Plugin = {
    onParams({ params, setParams }) {
      const { query, ...rest } = params
      const id = query === undefined ? null : documents.findId(query)
      if (id !== null) setParams(withDocumentId(rest, id))
    },
  }
  const lookUp = usePersistedOperations({
    allowArbitraryOperations: !only,
    getPersistedOperation: id => documents.findDocument(id),
    customErrors: {
      notFound: toError('DOCUMENT_ID_UNKNOWN', 'No trusted document has this id.'),
      persistedQueryOnly: toError('DOCUMENT_NOT_TRUSTED', 'This server runs trusted documents only.'),
      keyNotFound: toError('BAD_REQUEST', 'Send a document, or the id of a trusted one.'),
    },
  })
  return only ? [nameListedTexts, lookUp] : [lookUp]
}

function toError(code: GraphQLErrorCode, message: string) {
  return { message, extensions: { code, http: { spec: true, status: 400 } } }
}
