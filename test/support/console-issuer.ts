import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Context, type InteractionResult, interactionPolicy, Provider } from 'oidc-provider'

export interface ConsoleIssuerOptions {
  /** The address of the page, to which people are sent back. */
  readonly pageUrl: string
  /** If it is `false`, a sign-in that is there already is good enough, whatever the page asks for. */
  readonly isStepUpHonoured: boolean
}

/** An OpenID provider of other authors, with pages of its own, where people sign in to the console. */
export interface ConsoleIssuer extends AsyncDisposable {
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  /** The parameters of each request for a sign-in. */
  readonly requests: readonly URLSearchParams[]
}

const API = 'https://mfa.example.com'
const SCOPES = 'mfa:read mfa:write mfa:report mfa:policy mfa:audit'
const ACCOUNT = 'agent-7'
/** The age of the first sign-in, as if the person had signed in to something else in the morning. */
const FIRST_AGE_S = 7_200

/** Starts it on a loopback port. Its access tokens are JWTs only if the page names the API as `resource` (RFC 8707). */
export async function startConsoleIssuer(options: ConsoleIssuerOptions): Promise<ConsoleIssuer> {
  const requests: URLSearchParams[] = []
  let provider: Provider | null = null
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', url)
    if (pathname === '/auth') requests.push(searchParams)
    if (provider === null) response.writeHead(503).end()
    else if (pathname.startsWith('/interaction/')) void interact(provider, request, response)
    else provider.callback()(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'key', alg: 'ES256', use: 'sig' }
  provider = createProvider(url, key, options)
  return {
    url,
    env: { AUTH_ISSUER: url, AUTH_AUDIENCE: API, AUTH_TOKEN_TYPE: 'at+jwt' },
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Shows what is asked, and takes the choice of the person. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const details = await provider.interactionDetails(request, response)
  const { uid, prompt, params, session } = details
  const [, , , choice] = (request.url ?? '').split('/')
  if (choice === undefined) {
    const choices = prompt.name === 'login' ? ['Log in'] : ['Allow', 'Refuse']
    const forms = choices.map(
      name => `<form method="post" action="/interaction/${uid}/${name}"><button>${name}</button></form>`,
    )
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<!doctype html><link rel="icon" href="data:,"><h1>The issuer</h1>${forms.join('')}`)
    return
  }
  await provider.interactionFinished(request, response, await toResult())

  async function toResult(): Promise<InteractionResult> {
    if (choice === 'Refuse') return { error: 'access_denied', error_description: 'The person refused' }
    if (choice === 'Allow') {
      const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id })
      grant.addOIDCScope('openid')
      grant.addResourceScope(API, SCOPES)
      return { consent: { grantId: await grant.save() } }
    }
    const isFirst = session?.accountId === undefined
    const ts = Math.floor(Date.now() / 1_000) - (isFirst ? FIRST_AGE_S : 0)
    return { login: { accountId: ACCOUNT, acr: isFirst ? 'pwd' : 'mfa', ts } }
  }
}

function createProvider(
  url: string,
  key: JWK,
  { pageUrl, isStepUpHonoured }: ConsoleIssuerOptions,
): Provider {
  return new Provider(url, {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: 'desk',
        application_type: 'web',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [pageUrl],
        post_logout_redirect_uris: [pageUrl],
        token_endpoint_auth_method: 'none',
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientBasedCORS: (_: Context, origin: string) => origin === new URL(pageUrl).origin,
    cookies: { keys: ['the key of the cookies'] },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 3_600,
      IdToken: 300,
      Interaction: 600,
      Session: 3_600,
    },
    acrValues: ['pwd', 'mfa'],
    findAccount: async (_: Context, accountId: string) => ({
      accountId,
      claims: async () => ({ sub: accountId }),
    }),
    interactions: {
      url: (_: Context, { uid }: { uid: string }) => `/interaction/${uid}`,
      policy: toPolicy(isStepUpHonoured),
    },
    // Its access tokens do not say when and how somebody signed in, unless they are told to.
    extraTokenClaims: ({ oidc }: Context) => {
      const { authTime, acr } = oidc.entities.AuthorizationCode ?? {}
      return { auth_time: authTime, acr }
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        logoutSource(context: Context, form: string) {
          const button = '<button form="op.logoutForm" name="logout" value="yes">Log out</button>'
          context.body = `<!doctype html><link rel="icon" href="data:,">${form}${button}`
        },
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: API,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
}

/** By itself the provider takes `acr_values` for a wish. Here it asks for the login again. */
function toPolicy(isStepUpHonoured: boolean) {
  const policy = interactionPolicy.base()
  const { checks } = policy.get('login')
  if (!isStepUpHonoured) {
    checks.remove('max_age')
    return policy
  }
  const { Check } = interactionPolicy
  checks.add(
    new Check('acr_values', 'Another kind of login is required', ({ oidc }: Context) => {
      const { acr_values: values } = oidc.params
      const isMet = values === undefined || values.split(' ').includes(oidc.session.acr ?? '')
      return isMet ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
    }),
  )
  return policy
}
