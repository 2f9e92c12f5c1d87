import type { IncomingMessage } from 'node:http'
import { MIMEType } from 'node:util'
import { splitOutsideQuotes } from './accept.ts'
import { isSentOnce } from './request-headers.ts'
import { badRequest, RequestRefused } from './request-refused.ts'

const MAX_BODY_BYTES = 64 * 1024

/** A byte order mark is not JSON. Some readers skip it, and others do not. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A charset parameter of a media type that is accepted. A parameter without a value says nothing. */
const UTF_8_CHARSET = /^charset=(?:"utf-?8"|utf-?8|)$/i

/** Returns `true` if the headers say that the body is within the limit. */
export function isShort({ headers }: IncomingMessage): boolean {
  return (
    Number(headers['content-length'] ?? 0) <= MAX_BODY_BYTES && headers['transfer-encoding'] === undefined
  )
}

/**
 * Reads the whole body of a request that sends JSON.
 *
 * @throws RequestRefused 415 for another content type or a content encoding. 413 for more than 64 KB, without reading
 * on. 400 for a body that was cut off
 */
export async function readJsonBody(request: IncomingMessage): Promise<Buffer> {
  const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers
  if (!isJson(contentType) || !isSentOnce(request, 'content-type')) {
    throw new RequestRefused(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json, encoded as UTF-8.')
  }
  if (contentEncoding !== undefined && contentEncoding !== 'identity') {
    throw new RequestRefused(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body without a content encoding.')
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  return readBody(request)
}

/**
 * Decodes a body.
 *
 * @throws RequestRefused 400 for a body that is not UTF-8
 */
export function decodeBody(body: Buffer): string {
  try {
    return UTF_8.decode(body)
  } catch {
    throw badRequest('The body is not valid UTF-8. Encode it as UTF-8.')
  }
}

/**
 * Returns `true` for JSON as the GraphQL-over-HTTP specification wants it. The media type is parsed as RFC 9110 (8.3.1)
 * demands. Unknown parameters say nothing.
 *
 * A charset other than UTF-8 is refused. It is refused even next to another charset, because readers differ in the one
 * that they use. `utf8` is a common misspelling.
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
    // Either side may have ended the connection in the middle, perhaps while the token was checked.
    if (request.destroyed) refuseUnlessComplete()
    else request.once('close', refuseUnlessComplete)
  })
}

function tooLarge(): RequestRefused {
  return new RequestRefused(
    413,
    'PAYLOAD_TOO_LARGE',
    `The body must have at most ${MAX_BODY_BYTES} bytes. Send it in parts, as fewer users at a time.`,
  )
}
