import { BASE } from './base.ts'
import { type ConsoleConfig, readConfig } from './read-config.ts'
import { Session } from './session.ts'
import { finishSignIn, leaveForSignIn, type SignInFault } from './sign-in.ts'

/** The beginning of the page. */
export type Started =
  | { readonly kind: 'SIGNED_IN'; readonly session: Session }
  | {
      readonly kind: 'SIGN_IN'
      readonly config: ConsoleConfig
      readonly why: 'SIGNED_OUT' | SignInFault
      /** The screen to come back to. */
      readonly returnTo: string
    }
  | { readonly kind: 'NOT_STARTED' }

/**
 * Finishes a sign-in that comes back, or leaves for one. The issuer knows a person who was here before, and sends that
 * person back without a question. It resolves only if the page stays.
 *
 * @param locale returns the language for the issuer's pages
 */
export async function start(locale: () => string): Promise<Started> {
  let config: ConsoleConfig
  try {
    config = await readConfig()
  } catch {
    return { kind: 'NOT_STARTED' }
  }
  const returned = await finishSignIn(config)
  switch (returned.kind) {
    case 'SIGNED_IN': {
      history.replaceState(null, '', returned.returnTo)
      return { kind: 'SIGNED_IN', session: new Session({ config, signedIn: returned.signedIn, locale }) }
    }
    case 'SIGNED_OUT':
      return { kind: 'SIGN_IN', config, why: 'SIGNED_OUT', returnTo: BASE }
    case 'FAILED':
      return { kind: 'SIGN_IN', config, why: returned.fault, returnTo: returned.returnTo }
    case 'NO_RETURN': {
      const returnTo = location.pathname + location.search
      const why = await leaveForSignIn(config, { returnTo, locale: locale() })
      return { kind: 'SIGN_IN', config, why, returnTo }
    }
  }
}
