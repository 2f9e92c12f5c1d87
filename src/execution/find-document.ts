import { GraphQLError } from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'
import type { OperationParams } from './operation-request.ts'
import { toRequestError } from './request-error.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

export interface FindDocumentOptions {
  readonly documents: TrustedDocuments
  /** `true` if a text that is not listed is refused. */
  readonly only: boolean
}

const NOT_TRUSTED = 'This server runs trusted documents only. Send one of its manifest, or add this one.'
const UNKNOWN_ID = 'No trusted document has this id. Add the document to the manifest.'
const UNKNOWN_ID_OR_TEXT = `${UNKNOWN_ID} Or send its text in query.`

/**
 * Returns the text of the document that a request sends or names, or the error that says why there is none to execute.
 */
export type FindDocument = (params: OperationParams) => string | GraphQLError

/**
 * Looks up documents that are named by their id. With `only`, a text counts as the listed document that has its tokens.
 * A page or a client without a build step can then be used next to clients that send ids.
 */
export function createFindDocument({ documents, only }: FindDocumentOptions): FindDocument {
  return ({ query, documentId, isPersistedQuery }) => {
    if (query !== null && !only) return query
    const id = query === null ? documentId : documents.findId(query)
    const listed = id === null ? null : documents.findDocument(id)
    if (listed !== null) return listed
    if (query === null && isPersistedQuery && !only) return createPersistedQueryRefusal()
    if (query !== null || isPersistedQuery) return toRequestError('DOCUMENT_NOT_TRUSTED', NOT_TRUSTED)
    return toRequestError('DOCUMENT_ID_UNKNOWN', only ? UNKNOWN_ID : UNKNOWN_ID_OR_TEXT)
  }
}

/**
 * Makes the error of Apollo's protocol for automatic persisted queries, for a server that keeps no documents of
 * clients. Its clients look for exactly this message or code, under HTTP 200, and then send the text.
 */
function createPersistedQueryRefusal(): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' satisfies GraphQLErrorCode, http: { status: 200 } },
  })
}
