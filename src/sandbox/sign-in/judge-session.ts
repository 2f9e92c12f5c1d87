import { type Acr, type Authentication, meets } from './authentication.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import type { DemoPerson } from './demo-people.ts'

export type SessionVerdict =
  /** The person need not do anything. */
  | { readonly kind: 'SIGNED_IN'; readonly authentication: Authentication }
  | { readonly kind: 'SIGN_IN' }
  /** Somebody is signed in, but not recently or strongly enough. */
  | { readonly kind: 'SIGN_IN_AGAIN'; readonly authentication: Authentication }
  /** The page allows no question, and there would be one. */
  | { readonly kind: 'LOGIN_REQUIRED' }

/**
 * Returns what a request for a sign-in needs of the person, if `session` is the sign-in of the browser.
 *
 * @param session `undefined` if nobody is signed in
 */
export function judgeSession(
  { prompt, maxAgeS, acrValues }: AuthorizationRequest,
  session: Authentication | undefined,
  nowS: number,
): SessionVerdict {
  const mayAsk = !prompt.includes('none')
  if (session === undefined || prompt.includes('select_account')) {
    return { kind: mayAsk ? 'SIGN_IN' : 'LOGIN_REQUIRED' }
  }
  // An age of 0 asks for a sign-in in any case (OpenID Connect Core 1.0, section 3.1.2.1).
  const isRecent = maxAgeS === undefined || (maxAgeS > 0 && nowS - session.authTimeS <= maxAgeS)
  const isStrong = acrValues === undefined || acrValues.some(acr => meets(session, acr))
  if (isRecent && isStrong && !prompt.includes('login')) {
    return { kind: 'SIGNED_IN', authentication: session }
  }
  return mayAsk ? { kind: 'SIGN_IN_AGAIN', authentication: session } : { kind: 'LOGIN_REQUIRED' }
}

/**
 * Returns the sign-in of a person now. It has two factors if the request has any demand on it. One sign-in is then
 * enough for any step-up rule.
 */
export function signIn(person: DemoPerson, request: AuthorizationRequest, nowS: number): Authentication {
  const { prompt, maxAgeS, acrValues = [] } = request
  const isStepUp = maxAgeS !== undefined || prompt.includes('login') || acrValues.includes('mfa')
  return { person, authTimeS: nowS, acr: isStepUp ? 'mfa' : 'pwd' }
}

/** Returns the most wanted context that a sign-in meets. Without a wish it is that of the sign-in. */
export function toGrantedAcr({ acrValues = [] }: AuthorizationRequest, authentication: Authentication): Acr {
  return acrValues.find(acr => meets(authentication, acr)) ?? authentication.acr
}
