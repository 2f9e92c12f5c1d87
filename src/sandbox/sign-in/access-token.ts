import { type Authentication, toAmr } from './authentication.ts'
import type { TokenFacts } from './signer.ts'

/** The API that the access tokens are for. */
export const API_AUDIENCE = 'genauth-graphql'

export interface AccessTokenOptions {
  readonly subject: string
  readonly scopes: readonly string[]
  readonly clientId: string
  readonly authentication: Pick<Authentication, 'authTimeS' | 'acr'>
  /** Replaces the `acr` of the sign-in, if the client asked for a weaker one. */
  readonly acr?: Authentication['acr']
  readonly lifetimeS: number
}

/** Returns the facts of an access token for the API (RFC 9068), with those that a step-up rule judges (RFC 9470). */
export function toAccessToken(options: AccessTokenOptions): TokenFacts {
  const { subject, scopes, clientId, authentication, lifetimeS } = options
  return {
    type: 'at+jwt',
    audience: API_AUDIENCE,
    subject,
    lifetimeS,
    claims: {
      scope: scopes.join(' '),
      client_id: clientId,
      auth_time: authentication.authTimeS,
      acr: options.acr ?? authentication.acr,
      amr: toAmr(authentication),
    },
  }
}
