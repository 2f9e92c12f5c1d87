import type { IncomingMessage } from 'node:http'
import { MIMEType } from 'node:util'
import { z } from 'zod'
import { MAX_JSON_DEPTH, parseJson, tryParseJson } from '../base/parse-json.ts'
import type { OperationParams } from '../execution/operation-request.ts'
import { toBareId, toDocumentId } from '../execution/trusted-documents.ts'
import { splitOutsideQuotes } from './accept.ts'
import { RequestRefused } from './request-refused.ts'
import { isSentOnce } from './sent-once.ts'

const MAX_BODY_BYTES = 64 * 1024

/** A byte order mark is no JSON; some readers skip it and others do not. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** As a parameter of a media type. One without a value says nothing. */
const UTF_8_CHARSET = /^charset=(?:"utf-?8"|utf-?8|)$/i

/** In a URL, a GraphQL parameter, or what some reader takes for one: `Query`, `query[]`. */
const GRAPHQL_PARAM = /^\W*(query|documentId|operationName|variables|extensions)(\W|$)/i

const map = z.record(z.string(), z.unknown()).nullish()
/** How Apollo's clients name a document by its hash. */
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

type JsonPlace = 'body' | 'parameter variables' | 'parameter extensions'

/**
 * Reads the parameters of a request by its method.
 *
 * @param admit called between reading a body and parsing it; what it throws is thrown
 * @throws RequestRefused 405 for another method than `GET` and `POST`, and what the readers of these two throw
 */
export function readParams(
  request: IncomingMessage,
  url: URL,
  admit: () => void,
): OperationParams | Promise<OperationParams> {
  switch (request.method) {
    case 'POST':
      return readPostParams(request, url, admit)
    case 'GET':
      return readGetParams(request, url)
    default:
      throw new RequestRefused(405, 'METHOD_NOT_ALLOWED', 'Send POST, or GET for a query.', {
        allow: 'GET, POST',
      })
  }
}

/**
 * Reads the parameters of a `POST` with a JSON body. Nothing of the body is repeated in a refusal, and nothing that two
 * readers could take for two different operations is read.
 *
 * @param admit called between reading a body and parsing it; what it throws is thrown
 * @throws RequestRefused 415 for another content type or a content encoding, 413 for more than 64 KB (without
 * reading on), 400 for what is not UTF-8, not JSON, or not GraphQL parameters, for a key that stands twice in an
 * object, and for GraphQL parameters in the URL too
 */
async function readPostParams(
  request: IncomingMessage,
  url: URL,
  admit: () => void,
): Promise<OperationParams> {
  if (url.search !== '' && [...url.searchParams.keys()].some(name => GRAPHQL_PARAM.test(name))) {
    throw badRequest('Send the GraphQL parameters in the body or in the URL, not in both.')
  }
  const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers
  if (!isJson(contentType) || !isSentOnce(request, 'content-type')) {
    throw new RequestRefused(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json, encoded as UTF-8.')
  }
  if (contentEncoding !== undefined && contentEncoding !== 'identity') {
    throw new RequestRefused(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body without a content encoding.')
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const body = await readBody(request)
  admit()
  return toParams(parseParams(toText(body), 'body'))
}

/**
 * Reads the parameters of a `GET`, whose variables and extensions are JSON inside the query string.
 *
 * @throws RequestRefused 400 for what is not JSON or not GraphQL parameters, for a parameter that stands twice, for a
 * query string that readers split or decode in different ways, and for a body
 */
function readGetParams(request: IncomingMessage, url: URL): OperationParams {
  const { 'content-length': contentLength = '0', 'transfer-encoding': transferEncoding } = request.headers
  if (Number(contentLength) > 0 || transferEncoding !== undefined) {
    throw badRequest('A GET has no body: send POST.')
  }
  if (!isPlainQuery(request.url ?? '')) throw badRequest('Percent-encode the query string as UTF-8.')
  const { variables, extensions, ...rest } = toSingleValues(url.searchParams)
  return toParams({
    ...rest,
    ...(variables ? { variables: parseParams(variables, 'parameter variables') } : {}),
    ...(extensions ? { extensions: parseParams(extensions, 'parameter extensions') } : {}),
  })
}

/** Whether the body says of itself that it is no longer than one that is read. */
export function isShort({ headers }: IncomingMessage): boolean {
  return (
    Number(headers['content-length'] ?? 0) <= MAX_BODY_BYTES && headers['transfer-encoding'] === undefined
  )
}

/** There is no mutation without the word; a query that holds it somewhere passes for one. */
export function mayWrite(document: string): boolean {
  return document.includes('mutation')
}

/**
 * JSON as the GraphQL-over-HTTP specification wants it. The media type is parsed as RFC 9110 (8.3.1) has it: parameters
 * that nobody knows say nothing. A charset other than UTF-8 is refused, also beside another, since readers differ in
 * which of them they take; `utf8` is a common misspelling.
 */
function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === 'application/json') return contentType !== undefined
  try {
    if (new MIMEType(contentType).essence !== 'application/json') return false
    const [, ...parameters] = splitOutsideQuotes(contentType, ';')
    return parameters.every(parameter => !/^charset\s*=/i.test(parameter) || UTF_8_CHARSET.test(parameter))
  } catch {
    return false
  }
}

/** A few old readers split at a semicolon too; what is no UTF-8 is decoded by each reader in its own way. */
function isPlainQuery(target: string): boolean {
  try {
    decodeURIComponent(target)
    return /^[!-:<-~]*$/.test(target)
  } catch {
    return false
  }
}

function toSingleValues(params: URLSearchParams): Record<string, string> {
  const values = Object.fromEntries(params)
  if (Object.keys(values).length === params.size) return values
  throw badRequest('The URL has a parameter twice. Send each once.')
}

function toText(body: Buffer): string {
  try {
    return UTF_8.decode(body)
  } catch {
    throw badRequest('The body is not valid UTF-8. Encode it as UTF-8.')
  }
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let receivedBytes = 0
    const take = (chunk: Buffer): void => {
      receivedBytes += chunk.length
      if (receivedBytes <= MAX_BODY_BYTES) chunks.push(chunk)
      else {
        request.off('data', take).pause()
        reject(tooLarge())
      }
    }
    request.on('data', take)
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', reject)
    const refuseUnlessComplete = () => {
      if (!request.complete) reject(badRequest('The body was cut off.'))
    }
    // Where the connection ended in the middle, by whomever, and be it while the token was checked.
    if (request.destroyed) refuseUnlessComplete()
    else request.once('close', refuseUnlessComplete)
  })
}

/** @param place where the text stands, for a refusal */
function parseParams(text: string, place: JsonPlace): unknown {
  const parsed = parseJson(text)
  if (!('fault' in parsed)) return parsed.value
  if (tryParseJson(text) === undefined) throw badRequest(`The ${place} is not valid JSON.`)
  throw parsed.fault === 'DUPLICATE_KEY'
    ? badRequest(`The JSON of the ${place} has a key twice in one object. Send each key once.`)
    : badRequest(`The JSON of the ${place} is nested too deep: at most ${MAX_JSON_DEPTH} levels.`)
}

function toParams(value: unknown): OperationParams {
  if (Array.isArray(value)) {
    throw badRequest('Batches are not supported: send one operation in each request.')
  }
  const parsed = paramsSchema.safeParse(value)
  if (parsed.success) {
    const { variables, extensions } = parsed.data
    // Some clients send an empty text where they have none.
    const query = parsed.data.query || null
    const documentId = parsed.data.documentId || null
    const id = toOneDocumentId([documentId, extensions?.persistedQuery?.sha256Hash], query)
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

/** What names a document must name one, and the same as a document that comes with it. */
function toOneDocumentId(given: readonly (string | null | undefined)[], query: string | null): string | null {
  const ids = given.filter(id => id != null).map(toBareId)
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

function badRequest(message: string): RequestRefused {
  return new RequestRefused(400, 'BAD_REQUEST', message)
}

function tooLarge(): RequestRefused {
  return new RequestRefused(
    413,
    'PAYLOAD_TOO_LARGE',
    `The body must have at most ${MAX_BODY_BYTES} bytes. Send it in parts, as fewer users at a time.`,
  )
}
