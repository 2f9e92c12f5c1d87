import type { IncomingMessage } from 'node:http'
import { MAX_JSON_DEPTH, parseJson, tryParseJson } from '../base/parse-json.ts'
import type { OperationParams } from '../execution/operation-request.ts'
import { decodeBody, readJsonBody } from './json-body.ts'
import { toOperationParams } from './operation-params.ts'
import { badRequest, RequestRefused } from './request-refused.ts'

/** The name of a GraphQL parameter in a URL, or a name that some readers take for one: `Query`, `query[]`. */
const GRAPHQL_PARAM = /^\W*(query|documentId|operationName|variables|extensions)(\W|$)/i

type JsonPlace = 'body' | 'parameter variables' | 'parameter extensions'

/**
 * Reads the parameters of a request by its method.
 *
 * @param admit called between reading a body and parsing it. Its errors are passed on
 * @throws RequestRefused 405 for another method than `GET` and `POST`, and the errors of the readers of these two
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
 * Reads the parameters of a `POST` with a JSON body. A refusal repeats nothing of the body. A request that two readers
 * could take for two different operations is refused.
 *
 * @param admit called between reading a body and parsing it. Its errors are passed on
 * @throws RequestRefused 400 for a body that is not JSON or not GraphQL parameters. Also for a key that appears twice
 * in an object, and for GraphQL parameters in the URL. It also throws the errors of `readJsonBody` and `decodeBody`
 */
async function readPostParams(
  request: IncomingMessage,
  url: URL,
  admit: () => void,
): Promise<OperationParams> {
  if (url.search !== '' && [...url.searchParams.keys()].some(name => GRAPHQL_PARAM.test(name))) {
    throw badRequest('Send the GraphQL parameters in the body or in the URL, not in both.')
  }
  const body = await readJsonBody(request)
  admit()
  return toOperationParams(parseParams(decodeBody(body), 'body'))
}

/**
 * Reads the parameters of a `GET`, whose variables and extensions are JSON inside the query string.
 *
 * @throws RequestRefused 400 for text that is not JSON or not GraphQL parameters, and for a parameter that appears
 * twice. Also for a query string that readers split or decode in different ways, and for a body
 */
function readGetParams(request: IncomingMessage, url: URL): OperationParams {
  const { 'content-length': contentLength = '0', 'transfer-encoding': transferEncoding } = request.headers
  if (Number(contentLength) > 0 || transferEncoding !== undefined) {
    throw badRequest('A GET has no body: send POST.')
  }
  if (!isPlainQuery(request.url ?? '')) throw badRequest('Percent-encode the query string as UTF-8.')
  const { variables, extensions, ...rest } = toSingleValues(url.searchParams)
  return toOperationParams({
    ...rest,
    ...(variables ? { variables: parseParams(variables, 'parameter variables') } : {}),
    ...(extensions ? { extensions: parseParams(extensions, 'parameter extensions') } : {}),
  })
}

/**
 * Returns `true` if the text holds the word that every mutation needs. A query that holds the word counts as a
 * mutation.
 */
export function mayWrite(document: string): boolean {
  return document.includes('mutation')
}

/** A few old readers split at a semicolon, too. Each reader decodes text that is not UTF-8 in its own way. */
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

/** @param place where the text stands, for a refusal */
function parseParams(text: string, place: JsonPlace): unknown {
  const parsed = parseJson(text)
  if (!('fault' in parsed)) return parsed.value
  if (tryParseJson(text) === undefined) throw badRequest(`The ${place} is not valid JSON.`)
  throw parsed.fault === 'DUPLICATE_KEY'
    ? badRequest(`The JSON of the ${place} has a key twice in one object. Send each key once.`)
    : badRequest(`The JSON of the ${place} is nested too deep: at most ${MAX_JSON_DEPTH} levels.`)
}
