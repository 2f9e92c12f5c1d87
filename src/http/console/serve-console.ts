import { readFileSync } from 'node:fs'
import { createPageAssets } from '../page/page-assets.ts'
import { PAGES } from '../page/pages-folder.ts'
import type { Handle } from '../request-context.ts'
import { RequestRefused } from '../request-refused.ts'
import { send } from '../send-response.ts'
import { toConsoleHeaders } from './console-policy.ts'

/** The settings of the page for its sign-in. All of them are public. */
export interface ConsoleSignIn {
  /** The URL of the issuer. The page finds its endpoints by discovery. */
  readonly issuer: string
  readonly clientId: string
  /** The audience that the access token has to name. */
  readonly audience: string
  readonly scopes: readonly string[]
  /** The origin of the token endpoint, if it is another one than that of the issuer. Otherwise `null`. */
  readonly tokenOrigin: string | null
  /** `true` if the embedded sandbox stands in for GenAuth, so that the page can say so. */
  readonly isSandbox: boolean
}

/** Serves the page for support desks. */
export interface ServeConsole {
  /** Serves the page itself, at its address and at every deep link below it. */
  readonly serveShell: Handle
  readonly serveAsset: Handle
  readonly serveSettings: Handle
}

export const CONSOLE_PATH = '/console'
const ASSETS_PATH = `${CONSOLE_PATH}/assets/`

/** The references of the page as they are built, next to its own address. */
const OWN_ASSET = /(?<==")\.\/(?=assets\/)/g

/** @throws the error of reading a file, such as `ENOENT` if the pages have not been built */
export function createServeConsole(signIn: ConsoleSignIn): ServeConsole {
  const shell = readFileSync(new URL('console/index.html', PAGES), 'utf8')
  const findAsset = createPageAssets(new URL('console/assets/', PAGES))
  const headers = toConsoleHeaders(signIn.issuer, signIn.tokenOrigin)
  const { issuer, clientId, audience, scopes, isSandbox } = signIn
  // Relative to this document, so that it is right behind a proxy that serves everything below a path.
  const graphql = '../graphql'
  const settings = JSON.stringify({ issuer, clientId, audience, scopes, isSandbox, graphql })
  return {
    serveShell({ response, target }) {
      if (target.path === CONSOLE_PATH && !target.hasTrailingSlash) {
        send(response, 302, { location: `console/${target.url.search}` }, '')
        return
      }
      const page = shell.replaceAll(OWN_ASSET, toUpwards(target.url.pathname))
      send(response, 200, headers, page)
    },
    async serveAsset({ request, response, target }) {
      const name = target.path.slice(ASSETS_PATH.length)
      const asset = await findAsset(name, request.headers['accept-encoding'])
      if (asset === null)
        throw new RequestRefused(404, 'NOT_FOUND', 'There is no such file. Load the page again.')
      send(response, 200, asset.headers, asset.body)
    },
    serveSettings({ response }) {
      send(response, 200, { 'content-type': 'application/json' }, settings)
    },
  }
}

/** Returns the way from a deep link back to the address of the page. A relative way is right behind every proxy. */
function toUpwards(pathname: string): string {
  const below = pathname.slice(`${CONSOLE_PATH}/`.length)
  return '../'.repeat(below.split('/').length - 1) || './'
}
