import type { IncomingMessage, ServerResponse } from 'node:http'

const CORS_MAX_AGE_S = '600'

/**
 * Request headers that a page of another origin may send: those that this product documents (docs/clients.md has the same
 * list), and those that GraphQL clients always send. `accept` is in it since a long one is not exempt.
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

/** The page runs its own code and workers, and talks to this server alone. Its editors write styles as they go. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Headers of every answer: nothing is stored, framed, sniffed or referred to. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('x-content-type-options', 'nosniff')
}

/**
 * Lets pages of the listed origins read answers. Nobody else's, and never with cookies: callers are known by
 * their Authorization header alone.
 *
 * @returns whether the origin is one of them
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

/** What a preflight asks for. */
export function setPreflightHeaders(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', CORS_REQUEST_HEADERS.join(', '))
  response.setHeader('access-control-max-age', CORS_MAX_AGE_S)
}

/** Whether a page of another origin asks that is not listed. The page of this server itself is of its own origin. */
export function isForeignPage(
  { headers }: Pick<IncomingMessage, 'headers'>,
  corsOrigins: readonly string[],
): boolean {
  const { origin, host } = headers
  if (origin === undefined || corsOrigins.includes(origin)) return false
  return !URL.canParse(origin) || !isOwnHost(new URL(origin), host)
}

/** A `Host` may be in capital letters, and may name the port that its scheme has anyway. */
function isOwnHost({ protocol, host }: URL, sent = ''): boolean {
  if (/[@/\\?#]/.test(sent)) return false
  const own = `${protocol}//${sent}`
  return URL.canParse(own) && new URL(own).host === host
}
