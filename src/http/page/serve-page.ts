import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseAccept } from '../accept.ts'
import { isLoopbackHost } from '../client-address/is-loopback-host.ts'
import type { Handle } from '../request-context.ts'
import { RequestRefused } from '../request-refused.ts'
import { send } from '../send-response.ts'
import type { GraphiqlPage } from './graphiql.ts'

/** The page runs its own code and workers, and talks to this server alone. Its editors write styles while they run. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Serves GraphiQL. Its files are next to `/graphql`, so that the page names them without knowing its own path. */
export interface ServePage {
  /** Serves the page to a browser that reads, and passes every other request to `serve`. */
  orElse(serve: Handle): Handle
  /** Redirects a browser that opens the address of the server. */
  readonly redirectToPage: Handle
  readonly serveAsset: Handle
}

export function createServePage(page: GraphiqlPage): ServePage {
  return {
    orElse: serve => async context => {
      const { request, response, target } = context
      if (!isRead(request) || !wantsPage(request)) return serve(context)
      // The page's own relative references would lead below it.
      if (target.hasTrailingSlash) return redirect(response, `../graphql${target.url.search}`)
      response.setHeader('content-security-policy', PAGE_POLICY)
      const html = await page.html(isLoopbackHost(request))
      send(response, 200, { 'content-type': 'text/html; charset=utf-8' }, html)
    },
    redirectToPage: ({ request, response, target }) =>
      redirect(response, `${toPathPrefix(request)}graphql${target.url.search}`),
    async serveAsset({ request, response, target }) {
      const name = target.path.slice('/graphiql/'.length)
      const asset = await page.asset(name, request.headers['accept-encoding'])
      if (asset === null)
        throw new RequestRefused(404, 'NOT_FOUND', 'There is no such file. Load the page again.')
      send(response, 200, asset.headers, asset.body)
    },
  }
}

function redirect(response: ServerResponse, location: string): void {
  send(response, 302, { location }, '')
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD'
}

/**
 * Returns `true` if a browser sent the request. It names HTML, and no JSON that it wants as much. The page shows the
 * document of a link.
 */
function wantsPage({ headers }: IncomingMessage): boolean {
  const ranges = parseAccept(headers.accept ?? '')
  const html = ranges.find(({ type, subtype }) => type === 'text' && subtype === 'html')
  const json = ranges.find(({ subtype }) => subtype.endsWith('json'))
  return html !== undefined && html.weight > (json?.weight ?? 0)
}

/**
 * Returns the part of the path that a proxy has removed, as `X-Forwarded-Prefix` says, with a slash at its end. Without
 * the header the redirect is relative, which is right if the browser's address ends in a slash. A client that makes up
 * a prefix moves only itself, and stays on this origin.
 */
function toPathPrefix({ headers }: IncomingMessage): string {
  const prefix = headers['x-forwarded-prefix']
  return typeof prefix === 'string' && /^(?:\/[\w.~-]+)+\/?$/.test(prefix)
    ? `${prefix.replace(/\/$/, '')}/`
    : ''
}
