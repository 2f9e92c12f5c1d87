import { createHmac } from 'node:crypto'

/** The signed parts of one request. Its parameters are the query of a GET or the JSON body of a POST. */
export interface SignedRequest {
  method: 'GET' | 'POST'
  /** The path without host and query. */
  path: string
  params: Readonly<Record<string, unknown>>
  headers: Readonly<Record<string, unknown>>
}

/**
 * Returns the string that an access-key request is signed over, as the official Node SDK 4.0.1 builds it. It holds the
 * method, one line for each signed header sorted by name, then the path with its parameters sorted by name.
 *
 * Some rules are surprising:
 *
 * - Nothing is percent-encoded.
 * - A nested value is compact JSON with its own key order.
 * - Only `date` and lower-case header names that start with the prefix count.
 * - Parameters that are all `undefined` leave a lone `?` behind.
 */
export function toStringToSign(request: SignedRequest, headerPrefix: string): string {
  const headerLines = Object.keys(request.headers)
    .filter(name => name === 'date' || name.startsWith(headerPrefix))
    .sort()
    .map(name => `${name}:${toHeaderText(request.headers[name])}\n`)
  const names = Object.keys(request.params)
  const pairs = names
    .filter(name => request.params[name] !== undefined)
    .sort()
    .map(name => `${name}=${toParameterText(request.params[name])}`)
  const query = names.length === 0 ? '' : `?${pairs.join('&')}`
  return `${request.method}\n${headerLines.join('')}${request.path}${query}`
}

/** Returns the signature: HMAC-SHA1 keyed with the access key's secret, in base64. */
export function sign(stringToSign: string, accessKeySecret: string): string {
  return createHmac('sha1', accessKeySecret).update(stringToSign, 'utf8').digest('base64')
}

function toHeaderText(value: unknown): string {
  return String(value)
    .replace(/[\t\n\r\f]/g, ' ')
    .trim()
}

function toParameterText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
