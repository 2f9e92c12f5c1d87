import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Context, Provider } from 'oidc-provider'
import type { Json } from './app.ts'

/** An OpenID provider of other authors, on a loopback port, with JWT access tokens for one API. */
export interface RealIssuer extends AsyncDisposable {
  /** The variables of the issuer, without the address of its keys, which its own document names. */
  readonly env: Readonly<Record<string, string>>
  /** Returns the token response for a machine, by its secret. */
  byClientCredentials(scope: string): Promise<Json>
  /** Returns the token response for a person who signs in, by an authorization code with PKCE (RFC 7636). */
  byAuthorizationCode(accountId: string, scope: string): Promise<Json>
  /** Signs with a new key from now on. The old one stays published. */
  rotate(): Promise<void>
}

const API = 'https://mfa.example.com'
const API_SCOPES = 'mfa:read mfa:write'
const CALLBACK = 'https://console.example.com/callback'
const MACHINE = { client_id: 'machine', client_secret: 'the secret of the machine' }
const CONSOLE_ID = 'console'
const COOKIE_KEY = 'the key of the cookies'
/** The most redirects from the request for a code to the callback. */
const MAX_REDIRECTS = 10

export async function startRealIssuer(): Promise<RealIssuer> {
  const keys: JWK[] = []
  let provider: Provider | null = null
  let signsIn = ''

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (provider === null) response.writeHead(503).end()
    else if (request.url?.startsWith('/sign-in/')) {
      await provider.interactionFinished(request, response, { login: { accountId: signsIn } })
    } else provider.callback()(request, response)
  }

  async function rotate(): Promise<void> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    keys.unshift({ ...(await exportJWK(privateKey)), kid: `key-${keys.length}`, alg: 'ES256', use: 'sig' })
    provider = createProvider(url, keys)
  }

  async function askForTokens(form: Record<string, string>): Promise<Json> {
    const response = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) })
    return response.json()
  }

  await rotate()
  return {
    env: { AUTH_JWKS_URL: '', AUTH_ISSUER: url, AUTH_AUDIENCE: API, AUTH_TOKEN_TYPE: 'at+jwt' },
    rotate,
    byClientCredentials: scope =>
      askForTokens({ grant_type: 'client_credentials', resource: API, scope, ...MACHINE }),
    async byAuthorizationCode(accountId, scope) {
      signsIn = accountId
      const verifier = randomBytes(32).toString('base64url')
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: CONSOLE_ID,
        redirect_uri: CALLBACK,
        resource: API,
        scope: `openid ${scope}`,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      const code = await followToCode(`${url}/auth?${query}`)
      return askForTokens({
        grant_type: 'authorization_code',
        client_id: CONSOLE_ID,
        redirect_uri: CALLBACK,
        code,
        code_verifier: verifier,
      })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function createProvider(url: string, keys: readonly JWK[]): Provider {
  const provider: Provider = new Provider(url, {
    jwks: { keys: [...keys] },
    clients: [
      {
        ...MACHINE,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        client_id: CONSOLE_ID,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
      },
    ],
    cookies: { keys: [COOKIE_KEY] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      ClientCredentials: 300,
      Grant: 300,
      IdToken: 300,
      Interaction: 60,
      Session: 300,
    },
    findAccount: async (_context: Context, accountId: string) => ({
      accountId,
      claims: async () => ({ sub: accountId }),
    }),
    interactions: { url: (_context: Context, { uid }: { uid: string }) => `/sign-in/${uid}` },
    async loadExistingGrant({ oidc }: Context) {
      const { clientId } = oidc.client
      const grant = new provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid')
      grant.addResourceScope(API, API_SCOPES)
      await grant.save()
      return grant
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: API_SCOPES,
          audience: API,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  return provider
}

/** Follows the redirects as a browser would, with cookies, up to the callback, and takes the code there. */
async function followToCode(start: string): Promise<string> {
  const cookies = new Map<string, string>()
  let at = start
  for (let redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    await response.body?.cancel()
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    const next = new URL(response.headers.get('location') ?? '', at)
    const code = next.searchParams.get('code')
    if (next.href.startsWith(CALLBACK) && code !== null) return code
    if (next.href.startsWith(CALLBACK)) throw new Error(`No code: ${next.search}`)
    at = next.href
  }
  throw new Error('No callback in time')
}
