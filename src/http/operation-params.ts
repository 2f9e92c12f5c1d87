import { z } from 'zod'
import type { OperationParams } from '../execution/operation-request.ts'
import { toBareId, toDocumentId } from '../execution/trusted-documents.ts'
import { badRequest, RequestRefused } from './request-refused.ts'

const map = z.record(z.string(), z.unknown()).nullish()
/** The extension by which Apollo's clients name a document by its hash. */
const persistedQuery = z.object({ version: z.literal(1), sha256Hash: z.string() })
const paramsSchema = z.strictObject({
  query: z.string().nullish(),
  documentId: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: map,
  extensions: z.looseObject({ persistedQuery: persistedQuery.nullish() }).nullish(),
})

const PARAM_NAMES = paramsSchema.keyof().options
const PARAM_TYPES: Readonly<Record<(typeof PARAM_NAMES)[number], string>> = {
  query: 'a string',
  documentId: 'a string',
  operationName: 'a string',
  variables: 'a JSON object',
  extensions: 'a JSON object; its persistedQuery has version 1 and a sha256Hash',
}

/**
 * Converts JSON into the parameters of a GraphQL request.
 *
 * @throws RequestRefused 400 for a list, for an unknown parameter or one of another type, and if no document or two
 * different ones are named
 */
export function toOperationParams(value: unknown): OperationParams {
  if (Array.isArray(value)) {
    throw badRequest('Batches are not supported: send one operation in each request.')
  }
  const parsed = paramsSchema.safeParse(value)
  if (parsed.success) {
    const { variables, extensions } = parsed.data
    // Some clients send an empty text if they have none.
    const query = parsed.data.query || null
    const documentId = parsed.data.documentId || null
    const hash = extensions?.persistedQuery?.sha256Hash ?? null
    const id = documentId === null && hash === null ? null : toOneDocumentId([documentId, hash], query)
    if (query !== null || id !== null) {
      return {
        query,
        documentId: id,
        isPersistedQuery: documentId === null && extensions?.persistedQuery != null,
        operationName: parsed.data.operationName || null,
        variables: variables ?? {},
      }
    }
  }
  if (parsed.success) throw badRequest('Send a document in query, or the id of one in documentId.')
  const field = PARAM_NAMES.find(name => name === parsed.error.issues[0]?.path[0])
  throw badRequest(
    field === undefined
      ? `GraphQL parameters are a JSON object of ${PARAM_NAMES.join(', ')}, and no other.`
      : `The GraphQL parameter ${field} must be ${PARAM_TYPES[field]}.`,
  )
}

/** Returns the one id that all given ids agree on. It must be the id of the document, if one comes with it. */
function toOneDocumentId(given: readonly (string | null)[], query: string | null): string | null {
  const ids = given.filter(id => id !== null).map(toBareId)
  const [first] = ids
  if (first === undefined) return null
  const expected = query === null ? first : toDocumentId(query)
  if (ids.every(id => id === expected)) return first
  throw new RequestRefused(
    400,
    'DOCUMENT_ID_MISMATCH',
    'The document ids differ, or are not of the document sent. Send one: the SHA-256 of the document.',
  )
}
