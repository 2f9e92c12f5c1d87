import type { IncomingMessage } from 'node:http'
import { CONSOLE_CLIENT_ID } from './console-client-id.ts'
import { API_AUDIENCE, toAccessToken } from './sign-in/access-token.ts'
import { allowLoopbackPage, toPreflight } from './sign-in/cross-origin.ts'
import { API_SCOPES } from './sign-in/demo-people.ts'
import {
  type AnswerIssued,
  type IssuedResponse,
  NO_STORE,
  toJsonResponse,
} from './sign-in/issued-response.ts'
import { PATHS } from './sign-in/paths.ts'
import { createSignInRoutes } from './sign-in/sign-in-routes.ts'
import { createSigner } from './sign-in/signer.ts'

export interface IssuerOptions {
  /** Returns the address of the sandbox. It is called for each token, because the port is not known before. */
  getUrl: () => string
  now: () => number
}

/** The facts about the sandbox as an issuer that a verifier needs. */
export interface IssuerAddress {
  jwksUrl: string
  issuer: string
  audience: string
  /** The client by which the page for support desks signs people in. */
  consoleClientId: string
}

export interface Issuer {
  getAddress(): IssuerAddress
  /** Returns the response to a request for one of its paths, or `undefined` for any other request. */
  answer(message: IncomingMessage): Promise<IssuedResponse | undefined>
}

const LIFETIME_S = 8 * 60 * 60

/** The callers by their rights. */
const SCOPES = { admin: API_SCOPES, reader: ['mfa:read'], none: [] } as const

/** The paths that pages of this machine read, with their methods. */
const READ_BY_PAGES: ReadonlyMap<string, 'GET' | 'POST'> = new Map([
  [PATHS.tokens, 'GET'],
  [PATHS.jwks, 'GET'],
  [PATHS.discovery, 'GET'],
  [PATHS.token, 'POST'],
])

/**
 * Creates the issuer of callers' tokens. Anybody who reaches it gets tokens, with a sign-in or without, but they open
 * only a server that was told to trust it.
 */
export async function createIssuer({ getUrl, now }: IssuerOptions): Promise<Issuer> {
  const getIssuer = (): string => getUrl() + PATHS.issuer
  const signer = await createSigner({ getIssuer, now })

  function mint(name: keyof typeof SCOPES): Promise<string> {
    // The caller signed in just now with two factors, so the token passes any step-up rule.
    const authentication = { authTimeS: Math.floor(now() / 1000), acr: 'mfa' } as const
    return signer.sign(
      toAccessToken({
        subject: `sandbox-${name}`,
        scopes: SCOPES[name],
        clientId: 'sandbox',
        authentication,
        lifetimeS: LIFETIME_S,
      }),
    )
  }

  async function answerTokens(): Promise<IssuedResponse> {
    const [admin, reader, none] = await Promise.all([mint('admin'), mint('reader'), mint('none')])
    return toJsonResponse(200, { admin, reader, none }, NO_STORE)
  }

  const routes = new Map<string, AnswerIssued>([
    [`GET ${PATHS.jwks}`, async () => toJsonResponse(200, { keys: [signer.publicJwk] })],
    [`GET ${PATHS.tokens}`, answerTokens],
    ...createSignInRoutes({ getUrl, now, signer }),
  ])

  return {
    getAddress: () => ({
      jwksUrl: getUrl() + PATHS.jwks,
      issuer: getIssuer(),
      audience: API_AUDIENCE,
      consoleClientId: CONSOLE_CLIENT_ID,
    }),
    async answer(message) {
      const { method = '', url = '' } = message
      const path = url.replace(/\?.*/s, '')
      const pageMethod = READ_BY_PAGES.get(path)
      if (method === 'OPTIONS' && pageMethod !== undefined) return toPreflight(message, pageMethod)
      const response = await routes.get(`${method} ${path}`)?.(message)
      if (response === undefined || pageMethod === undefined) return response
      return allowLoopbackPage(message, response)
    },
  }
}
