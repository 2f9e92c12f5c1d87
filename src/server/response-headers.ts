import type { IncomingMessage, ServerResponse } from 'node:http'

const CORS_MAX_AGE_S = '600'
const CORS_REQUEST_HEADERS = 'authorization, content-type, x-request-id, traceparent'

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
  response.setHeader('access-control-expose-headers', 'x-request-id, www-authenticate')
  return true
}

/** What a preflight asks for. */
export function setPreflightHeaders(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', CORS_REQUEST_HEADERS)
  response.setHeader('access-control-max-age', CORS_MAX_AGE_S)
}
