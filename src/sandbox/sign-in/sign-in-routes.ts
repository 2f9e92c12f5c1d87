import { createAuthorize } from './authorize.ts'
import { toDiscovery } from './discovery.ts'
import { createEndSession } from './end-session.ts'
import { createExchangeCode } from './exchange-code.ts'
import { createCodes } from './grant.ts'
import { type AnswerIssued, toJsonResponse } from './issued-response.ts'
import { PATHS } from './paths.ts'
import { createSessionCookie } from './session-cookie.ts'
import type { Signer } from './signer.ts'

export interface SignInOptions {
  /** Returns the address of the sandbox. */
  readonly getUrl: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signer: Signer
}

/** Creates the issuer as an OpenID provider for the page, by method and path. */
export function createSignInRoutes(options: SignInOptions): ReadonlyMap<string, AnswerIssued> {
  const { getUrl, now, signer } = options
  const codes = createCodes(now)
  const sessionCookie = createSessionCookie({ getUrl, now })
  const getIssuer = (): string => getUrl() + PATHS.issuer
  const { authorize, signIn } = createAuthorize({ getIssuer, now, codes, sessionCookie })
  const { endSession, signOut } = createEndSession({ sessionCookie, signer })
  return new Map([
    [`GET ${PATHS.discovery}`, async () => toJsonResponse(200, toDiscovery(getUrl()))],
    [`GET ${PATHS.authorize}`, authorize],
    [`POST ${PATHS.signIn}`, signIn],
    [`POST ${PATHS.token}`, createExchangeCode({ codes, signer })],
    [`GET ${PATHS.endSession}`, endSession],
    [`POST ${PATHS.signOut}`, signOut],
  ])
}
