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
 * Receives the body of a request: JSON for a `POST`, nothing for a `GET`. Nothing of it has been parsed yet.
 *
 * @throws RequestRefused 405 for another method. 400 for a `POST` with GraphQL parameters in its URL, because two
 * readers could take it for two different operations. It also throws the errors of `readJsonBody`
 */
export async function receiveBody(request: IncomingMessage, url: URL): Promise<Buffer | null> {
  switch (request.method) {
    case 'POST':
      if (url.search !== '' && [...url.searchParams.keys()].some(name => GRAPHQL_PARAM.test(name))) {
        throw badRequest('Send the GraphQL parameters in the body or in the URL, not in both.')
      }
      return readJsonBody(request)
    case 'GET':
      return null
    default:
      throw new RequestRefused(405, 'METHOD_NOT_ALLOWED', 'Send POST, or GET for a query.', {
        allow: 'GET, POST',
      })
  }
}

/**
 * Reads the parameters of a request from what `receiveBody` returned. A refusal repeats nothing of them.
 *
 * @throws RequestRefused 400 for text that is not JSON or not GraphQL parameters, and for a key that appears twice in
 * an object. It also throws the errors of `decodeBody`
 */
export function toParams(request: IncomingMessage, url: URL, body: Buffer | null): OperationParams {
  return body === null ? toGetParams(request, url) : toOperationParams(parseParams(decodeBody(body), 'body'))
}

/**
 * Reads the parameters of a `GET`, whose variables and extensions are JSON inside the query string.
 *
 * @throws RequestRefused 400 for text that is not JSON or not GraphQL parameters, and for a parameter that appears
 * twice. Also for a query string that readers split or decode in different ways, and for a body
 */
function toGetParams(request: IncomingMessage, url: URL): OperationParams {
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
