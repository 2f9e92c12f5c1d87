import * as oauth from 'oauth4webapi'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'

export const REDIRECT_URI = 'http://127.0.0.1:4000/console/'
export const SCOPE = 'openid mfa:read mfa:write mfa:report mfa:policy mfa:audit'
export const CLIENT: oauth.Client = { client_id: 'genauth-console' }
const HTTP = { [oauth.allowInsecureRequests]: true } as const

/** Left out if `undefined`. */
export type Changes = Readonly<Record<string, string | undefined>>

/** A browser that keeps the cookies of one sandbox, and follows no redirect. */
export interface TestBrowser {
  open(url: string | URL): Promise<Response>
  /** Sends the form of a page as the browser would, by the button of a person. */
  choose(page: Response, person: string, headers?: Changes): Promise<Response>
  readonly cookies: Map<string, string>
}

export function createBrowser(sandbox: Sandbox): TestBrowser {
  const cookies = new Map<string, string>()
  async function send(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...init.headers, ...(cookie === '' ? {} : { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (/Max-Age=0/i.test(set)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return {
    cookies,
    open: url => send(url),
    async choose(page, person, headers = {}) {
      const { action, inputs } = readForm(await page.text())
      return send(new URL(action, sandbox.url), {
        method: 'POST',
        headers: Object.fromEntries(
          Object.entries({ origin: sandbox.url, ...headers }).filter(
            (entry): entry is [string, string] => entry[1] !== undefined,
          ),
        ),
        body: new URLSearchParams([...inputs, ['person', person]]),
      })
    },
  }
}

/** Returns the address of a form and its hidden inputs. */
export function readForm(page: string): { action: string; inputs: [string, string][] } {
  const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1]
  if (action === undefined) throw new Error('The page has no form')
  const inputs = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
  return {
    action,
    inputs: inputs.map(([, name = '', value = '']) => [unescapeHtml(name), unescapeHtml(value)]),
  }
}

function unescapeHtml(text: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&([^;]+);/g, (_, name: string) => characters[name] ?? '')
}

/** What the page keeps until the browser comes back. */
export interface Pending {
  readonly url: URL
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** The page's side of a sign-in, by a library of other authors. */
export interface PageClient {
  readonly server: oauth.AuthorizationServer
  begin(changes?: Changes): Promise<Pending>
  /** Checks what came back, and exchanges the code. Throws the library's errors. */
  finish(pending: Pending, back: Response): Promise<oauth.TokenEndpointResponse>
  /** Returns the response to an exchange that is changed. */
  exchange(pending: Pending, back: Response, changes?: Changes): Promise<Response>
}

export async function createPageClient(sandbox: Sandbox, now = Date.now): Promise<PageClient> {
  const issuer = new URL(`${sandbox.url}/sandbox`)
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, HTTP))
  return {
    server,
    async begin(changes = {}) {
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
      const verifier = oauth.generateRandomCodeVerifier()
      const url = new URL(server.authorization_endpoint ?? '')
      const parameters = {
        client_id: CLIENT.client_id,
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope: SCOPE,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...changes,
      }
      for (const [name, value] of Object.entries(parameters)) {
        if (value !== undefined) url.searchParams.set(name, value)
      }
      return { url, state, nonce, verifier }
    },
    async finish({ state, nonce, verifier, url }, back) {
      const client = { ...CLIENT, [oauth.clockSkew]: Math.round((now() - Date.now()) / 1000) }
      const parameters = oauth.validateAuthResponse(server, client, toLocation(back), state)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        parameters,
        url.searchParams.get('redirect_uri') ?? '',
        verifier,
        HTTP,
      )
      const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
      await oauth.validateApplicationLevelSignature(server, response, HTTP)
      return result
    },
    exchange({ verifier }, back, changes = {}) {
      const form = {
        grant_type: 'authorization_code',
        client_id: CLIENT.client_id,
        code: toLocation(back).searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
        code_verifier: verifier,
        ...changes,
      }
      const given = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined)
      return fetch(server.token_endpoint ?? '', { method: 'POST', body: new URLSearchParams(given) })
    },
  }
}

export function toLocation(response: Response): URL {
  const location = response.headers.get('location')
  if (location === null) throw new Error(`The response has the status ${response.status} and no location`)
  return new URL(location)
}

/** Returns what the query of a redirect says. */
export function toAnswer(response: Response): Record<string, string> {
  return Object.fromEntries(toLocation(response).searchParams)
}
