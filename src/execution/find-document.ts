import { GraphQLError } from 'graphql'
import type { GraphQLErrorCode } from './error-codes.ts'
import type { OperationParams } from './operation-request.ts'
import { toRequestError } from './request-error.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

export interface FindDocumentOptions {
  readonly documents: TrustedDocuments
  /** Whether a text that is not listed is refused. */
  readonly only: boolean
}

const NOT_TRUSTED = 'This server runs trusted documents only. Send one of its manifest, or add this one.'
const UNKNOWN_ID = 'No trusted document has this id. Add the document to the manifest.'
const UNKNOWN_ID_OR_TEXT = `${UNKNOWN_ID} Or send its text in query.`

/** The text of the document that a request sends or names, or why there is none to execute. */
export type FindDocument = (params: OperationParams) => string | GraphQLError

/**
 * Looks up documents that are named by their id. With `only`, a text counts as the listed document that has its
 * tokens, so that a page or a client without a build step can be used beside clients that send ids.
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
 * What Apollo's protocol for automatic persisted queries says where a server keeps no documents that clients send. Its
 * clients look for this very message or code, under HTTP 200, and then send the text.
 */
function createPersistedQueryRefusal(): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' satisfies GraphQLErrorCode, http: { status: 200 } },
  })
}
