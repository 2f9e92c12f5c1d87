import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { RequestContext } from './request-context.ts'
import { RequestRefused } from './request-refused.ts'
import { parseRequestTarget } from './request-target.ts'
import { setCorsHeaders, setPreflightHeaders } from './response-headers.ts'
import { send } from './send-response.ts'

/** Decides what pages of other origins may do. */
export interface CrossOrigin {
  /** Sets the headers that let a page of a listed origin read the response. */
  setHeaders(request: IncomingMessage, response: ServerResponse): void
  /**
   * Responds to a preflight of a page that may ask.
   *
   * @throws RequestRefused 403 `ORIGIN_NOT_ALLOWED` for a page that may not
   */
  servePreflight(
    arrived: Pick<RequestContext, 'request' | 'response' | 'requestId'>,
  ): 'SERVED' | 'NO_PREFLIGHT'
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

  return {
    setHeaders(request, response) {
      setCorsHeaders(request, response, corsOrigins)
    },
    servePreflight({ request, response, requestId }) {
      if (request.method !== 'OPTIONS') return 'NO_PREFLIGHT'
      if (!CORS_PATHS.has(parseRequestTarget(request.url ?? '')?.path ?? '')) return 'NO_PREFLIGHT'
      if (setCorsHeaders(request, response, corsOrigins)) {
        setPreflightHeaders(response)
        send(response, 204, {}, '')
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
