import type { IncomingMessage, ServerResponse } from 'node:http'

const CORS_MAX_AGE_S = '600'

/**
 * Request headers that a page of another origin may send. This product documents some of them, and docs/clients.md has
 * the same list. GraphQL clients always send the others. The list includes `accept`, because a long value is not
 * exempt.
 */
export const CORS_REQUEST_HEADERS = [
  'accept',
  'authorization',
  'content-type',
  'x-request-id',
  'x-request-deadline-ms',
  'traceparent',
  'tracestate',
  'baggage',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
  'graphql-client-name',
  'graphql-client-version',
  'graphql-require-preflight',
  'x-apollo-operation-id',
  'x-apollo-operation-name',
  'x-apollo-operation-type',
] as const

/** The page runs its own code and workers, and talks to this server alone. Its editors write styles while they run. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Sets the headers of every response. Clients do not store, frame or sniff a response, and send no referrer. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('x-content-type-options', 'nosniff')
}

/**
 * Lets pages of the listed origins read responses. Pages of other origins may not, and no page may send cookies.
 * Callers are identified by their Authorization header alone.
 *
 * @returns `true` if the origin is one of them
 */
export function setCorsHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  corsOrigins: readonly string[],
): boolean {
  if (corsOrigins.length === 0) return false
  response.setHeader('vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined || !corsOrigins.includes(origin)) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', 'x-request-id, www-authenticate, retry-after')
  return true
}

/** Sets the headers that a preflight asks for. */
export function setPreflightHeaders(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', CORS_REQUEST_HEADERS.join(', '))
  response.setHeader('access-control-max-age', CORS_MAX_AGE_S)
}
