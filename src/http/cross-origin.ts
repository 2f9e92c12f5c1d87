import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { EXPORTS_PATH } from './exports/export-request.ts'
import { RATE_LIMIT_HEADERS } from './rate-limit-headers.ts'
import type { Arrived } from './request-context.ts'
import { RequestRefused } from './request-refused.ts'
import { parseRequestTarget } from './router.ts'
import { send } from './send-response.ts'

/** Decides what pages of other origins may do. */
export interface CrossOrigin {
  /**
   * Sets the headers that let a page of a listed origin read the response. Pages of other origins may not, and no page
   * may send cookies. Callers are identified by their Authorization header alone.
   *
   * @returns `true` if the origin is one of them
   */
  setHeaders(request: IncomingMessage, response: ServerResponse): boolean
  /**
   * Responds to an `OPTIONS` request that is a preflight of a page that may ask.
   *
   * @throws RequestRefused 403 `ORIGIN_NOT_ALLOWED` for a page that may not
   */
  servePreflight(arrived: Arrived): 'SERVED' | 'NO_PREFLIGHT'
  /**
   * Returns the text that the refusal of a missing or invalid token adds for a page of another origin. It may be empty.
   */
  toHint(request: IncomingMessage): string
}

export interface CrossOriginOptions {
  readonly log: Logger
  readonly corsOrigins: readonly string[]
}

/** The paths that a page of another origin may request, if its origin is listed. */
const CORS_PATHS = new Set(['/graphql', '/schema.graphql'])

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

/** Response headers that such a page may read. docs/clients.md has the same list. */
export const CORS_RESPONSE_HEADERS = [
  'x-request-id',
  'www-authenticate',
  'retry-after',
  ...RATE_LIMIT_HEADERS,
] as const
const EXPOSED = CORS_RESPONSE_HEADERS.join(', ')

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': CORS_REQUEST_HEADERS.join(', '),
  'access-control-max-age': '600',
}

const ORIGIN_FAULT = "The page's origin is not in CORS_ORIGINS."
const MAX_LOGGED_ORIGIN_LENGTH = 200

/** Lets only pages of the listed origins read responses. A refusal says so, and the log has the origin to be listed. */
export function createCrossOrigin({ log, corsOrigins }: CrossOriginOptions): CrossOrigin {
  /** Anybody can send an origin, so characters that no URL holds are masked in the log. */
  function refuseOrigin({ headers }: IncomingMessage, requestId: string): RequestRefused {
    const origin = headers.origin?.slice(0, MAX_LOGGED_ORIGIN_LENGTH).replace(/[^!-~]/g, '?')
    log.debug({ requestId, origin }, ORIGIN_FAULT)
    return new RequestRefused(403, 'ORIGIN_NOT_ALLOWED', ORIGIN_FAULT)
  }

  function setHeaders({ headers: { origin } }: IncomingMessage, response: ServerResponse): boolean {
    if (corsOrigins.length === 0) return false
    response.setHeader('vary', 'Origin')
    if (origin === undefined || !corsOrigins.includes(origin)) return false
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-expose-headers', EXPOSED)
    return true
  }

  return {
    setHeaders,
    servePreflight({ request, response, requestId }) {
      const { path = '' } = parseRequestTarget(request.url ?? '') ?? {}
      if (!CORS_PATHS.has(path) && !path.startsWith(EXPORTS_PATH)) return 'NO_PREFLIGHT'
      if (setHeaders(request, response)) {
        send(response, 204, PREFLIGHT_HEADERS, '')
        return 'SERVED'
      }
      if (isForeignPage(request, corsOrigins)) throw refuseOrigin(request, requestId)
      return 'NO_PREFLIGHT'
    },
    toHint: request => (isForeignPage(request, corsOrigins) ? ` ${ORIGIN_FAULT}` : ''),
  }
}

/**
 * Returns `true` if a page of another origin that is not listed sent the request. The page of this server itself is of
 * its own origin.
 */
export function isForeignPage(
  { headers }: Pick<IncomingMessage, 'headers'>,
  corsOrigins: readonly string[],
): boolean {
  const { origin, host } = headers
  if (origin === undefined || corsOrigins.includes(origin)) return false
  return !URL.canParse(origin) || !isOwnHost(new URL(origin), host)
}

/** A `Host` may be in capital letters. It may name its scheme's default port. */
function isOwnHost({ protocol, host }: URL, sent = ''): boolean {
  if (/[@/\\?#]/.test(sent)) return false
  const own = `${protocol}//${sent}`
  return URL.canParse(own) && new URL(own).host === host
}
