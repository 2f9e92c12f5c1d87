import * as oauth from 'oauth4webapi'
import { BASE, REDIRECT_URI } from './base.ts'
import { keepForReturn, takeForReturn } from './kept-for-return.ts'
import type { ConsoleConfig } from './read-config.ts'

/** A person who is signed in. The token is kept in memory, and nowhere else. */
export interface SignedIn {
  readonly token: string
  /** Milliseconds since 1970. `null` if the issuer does not say. */
  readonly expiresAtMs: number | null
  /** The issuer's name for the person. */
  readonly subject: string
  /** A name for people. `null` if the issuer gives none. */
  readonly name: string | null
  /** For the end of the session at the issuer. */
  readonly idToken: string
  /** `true` if a sign-in was asked for that is fresh, or of a certain kind. */
  readonly isStepUp: boolean
}

/** Why nobody is signed in. `code` is the issuer's own, and `null` if it gave none. */
export interface SignInFault {
  readonly kind: 'ISSUER_UNREACHABLE' | 'ISSUER_REFUSED' | 'STALE_RETURN' | 'OPEN_WIRE' | 'NO_CRYPTO'
  readonly code: string | null
}

/** The result of a return from the issuer. */
export type Return =
  | { readonly kind: 'SIGNED_IN'; readonly signedIn: SignedIn; readonly returnTo: string }
  | { readonly kind: 'SIGNED_OUT' }
  | { readonly kind: 'NO_RETURN' }
  | { readonly kind: 'FAILED'; readonly fault: SignInFault; readonly returnTo: string }

export interface SignInWish {
  /** The address of the screen to come back to. */
  readonly returnTo: string
  /** Asks for a fresh sign-in, at most this many seconds old. */
  readonly maxAgeS?: number | null
  /** Asks for one of these kinds of sign-in. */
  readonly acrValues?: readonly string[] | null
  readonly locale: string
}

/** The `state` of a sign-out, by which the page knows that it must not sign in again. */
const SIGNED_OUT = 'signed-out'
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** Returns the options of a request to the issuer. Plain http is for a machine that talks to itself. */
function toOptions(url: URL): { [oauth.allowInsecureRequests]: boolean; signal: AbortSignal } {
  return { [oauth.allowInsecureRequests]: LOOPBACK.test(url.hostname), signal: AbortSignal.timeout(10_000) }
}

async function discover({ issuer }: ConsoleConfig): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, toOptions(url)))
}

/**
 * Leaves for the issuer. Resolves to a fault if it cannot, and otherwise not at all, because the browser leaves the
 * page.
 */
export async function leaveForSignIn(config: ConsoleConfig, wish: SignInWish): Promise<SignInFault> {
  const early = findEarlyFault(config)
  if (early !== null) return early
  try {
    const { authorization_endpoint: endpoint } = await discover(config)
    if (endpoint === undefined) return { kind: 'ISSUER_UNREACHABLE', code: null }
    const url = new URL(endpoint)
    const { returnTo, maxAgeS = null, locale } = wish
    const acrValues = wish.acrValues?.join(' ') ?? ''
    const [state, nonce, verifier] = [
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
      oauth.generateRandomCodeVerifier(),
    ]
    const params = {
      client_id: config.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: ['openid', ...config.scopes.filter(scope => scope !== 'openid')].join(' '),
      audience: config.audience,
      ...toResource(config),
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ui_locales: locale,
      ...(maxAgeS !== null && { max_age: String(maxAgeS) }),
      ...(acrValues !== '' && { acr_values: acrValues }),
    }
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
    const isStepUp = maxAgeS !== null || acrValues !== ''
    keepForReturn({ state, nonce, verifier, isStepUp, returnTo })
    location.assign(url)
    return await new Promise<never>(() => {})
  } catch (error) {
    return toFault(error)
  }
}

/** Ends a sign-in that comes back to the page. It may be called once for each load of the page. */
export async function finishSignIn(config: ConsoleConfig): Promise<Return> {
  const url = new URL(location.href)
  const { searchParams } = url
  if (url.pathname !== BASE || !searchParams.has('state')) return { kind: 'NO_RETURN' }
  const kept = takeForReturn()
  history.replaceState(null, '', BASE)
  if (searchParams.get('state') === SIGNED_OUT) return { kind: 'SIGNED_OUT' }
  if (kept === null) return { kind: 'FAILED', fault: { kind: 'STALE_RETURN', code: null }, returnTo: BASE }
  try {
    const server = await discover(config)
    const client = { client_id: config.clientId }
    const params = oauth.validateAuthResponse(server, client, url, kept.state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      params,
      REDIRECT_URI,
      kept.verifier,
      { ...toOptions(new URL(config.issuer)), additionalParameters: toResource(config) },
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: kept.nonce,
      requireIdToken: true,
    })
    return { kind: 'SIGNED_IN', signedIn: toSignedIn(tokens, kept.isStepUp), returnTo: kept.returnTo }
  } catch (error) {
    return { kind: 'FAILED', fault: toFault(error), returnTo: kept.returnTo }
  }
}

/** Ends the session at the issuer, if the issuer can. Returns `false` if it cannot. */
export async function leaveForSignOut(config: ConsoleConfig, { idToken }: SignedIn): Promise<boolean> {
  try {
    const { end_session_endpoint: endpoint } = await discover(config)
    if (endpoint === undefined) return false
    const url = new URL(endpoint)
    url.searchParams.set('id_token_hint', idToken)
    url.searchParams.set('client_id', config.clientId)
    url.searchParams.set('post_logout_redirect_uri', REDIRECT_URI)
    // Amazon Cognito's name for it.
    url.searchParams.set('logout_uri', REDIRECT_URI)
    url.searchParams.set('state', SIGNED_OUT)
    location.assign(url)
    return true
  } catch {
    return false
  }
}

function toSignedIn(tokens: oauth.TokenEndpointResponse, isStepUp: boolean): SignedIn {
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  if (claims === undefined || tokens.id_token === undefined) throw new Error('No ID token')
  const { name, preferred_username: username } = claims
  return {
    token: tokens.access_token,
    expiresAtMs: tokens.expires_in === undefined ? null : Date.now() + tokens.expires_in * 1_000,
    subject: claims.sub,
    name: [name, username].find(text => typeof text === 'string' && text !== '')?.toString() ?? null,
    idToken: tokens.id_token,
    isStepUp,
  }
}

/** The audience as a resource indicator (RFC 8707), which is an absolute URI. Some issuers refuse anything else. */
function toResource({ audience }: ConsoleConfig): Record<string, string> {
  return URL.canParse(audience) && !audience.includes('#') ? { resource: audience } : {}
}

function findEarlyFault({ issuer }: ConsoleConfig): SignInFault | null {
  const { protocol, hostname } = new URL(issuer)
  if (protocol !== 'https:' && !LOOPBACK.test(hostname)) return { kind: 'OPEN_WIRE', code: null }
  // A browser has it on https and on this machine alone.
  return 'subtle' in crypto ? null : { kind: 'NO_CRYPTO', code: null }
}

function toFault(error: unknown): SignInFault {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return { kind: 'ISSUER_REFUSED', code: error.error }
  }
  if (error instanceof oauth.OperationProcessingError)
    return { kind: 'ISSUER_REFUSED', code: error.code ?? null }
  return { kind: 'ISSUER_UNREACHABLE', code: null }
}
