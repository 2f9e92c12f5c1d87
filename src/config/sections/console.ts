import type { TokenIssuer } from '../../access/authenticator.ts'
import type { Environment } from '../environment.ts'
import { headerValue, list, onOrOff, parsed } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { AccessSection } from './access.ts'
import type { Mode } from './mode.ts'

export const CONSOLE_VARIABLES = {
  CONSOLE: variable(
    'The page for support desks at /console: on or off. Unset: off in production, otherwise on if people can sign in to it.',
    null,
    onOrOff,
  ),
  CONSOLE_CLIENT_ID: variable(
    'Client of the issuer by which the page signs people in. CONSOLE=on requires it, unless the tokens come from the embedded sandbox.',
    null,
    headerValue,
  ),
  CONSOLE_SCOPES: variable(
    'Scopes that the page asks the issuer for, beside `openid`, separated by commas. Unset: the five scopes above.',
    null,
    list(headerValue),
  ),
  CONSOLE_TOKEN_ORIGIN: variable(
    "Origin of the issuer's token endpoint, as https://login.example.com, if it is not that of AUTH_ISSUER. The page may connect to it.",
    null,
    parsed(toOrigin, 'must be an http or https origin, without a path'),
  ),
}

/** The page for support desks. */
export interface ConsoleSettings {
  /** `null` stands for the client of the embedded sandbox. */
  readonly clientId: string | null
  readonly scopes: readonly string[]
  /** Where the issuer's token endpoint is. `null` stands for the origin of the issuer. */
  readonly tokenOrigin: string | null
}

/** Returns `null` if the page is off. */
export function readConsole(
  env: Environment,
  { isProduction }: Mode,
  { issuer, scopeNames }: Pick<AccessSection, 'issuer' | 'scopeNames'>,
): ConsoleSettings | null {
  const values = env.read(CONSOLE_VARIABLES)
  const { CONSOLE: wish, CONSOLE_CLIENT_ID: clientId, CONSOLE_SCOPES: scopes } = values
  const { CONSOLE_TOKEN_ORIGIN: tokenOrigin } = values
  if (isProduction) env.refuseOpenWire('CONSOLE_TOKEN_ORIGIN', tokenOrigin, 'https')
  const canSignIn = issuer === null || (clientId !== null && isUrl(issuer))
  if (!(wish ?? (!isProduction && canSignIn))) return null
  if (issuer !== null) refuseUnusableIssuer(env, issuer, isProduction)
  return {
    clientId: issuer === null ? null : clientId,
    scopes: scopes ?? Object.values(scopeNames),
    tokenOrigin,
  }
}

function toOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, origin, href } = new URL(text)
  return /^https?:$/.test(protocol) && href === `${origin}/` ? origin : null
}

/** The page asks the issuer itself, from a browser, for the addresses of a sign-in. */
function refuseUnusableIssuer(env: Environment, { issuer }: TokenIssuer, isProduction: boolean): void {
  if (!env.has('CONSOLE_CLIENT_ID')) {
    env.refuse('CONSOLE_CLIENT_ID', 'required with CONSOLE=on and an issuer of your own')
  }
  if (!isUrl({ issuer })) env.refuse('AUTH_ISSUER', 'must be a URL with discovery, with CONSOLE=on')
  else if (isProduction) env.refuseOpenWire('AUTH_ISSUER', issuer, 'https')
}

function isUrl({ issuer }: Pick<TokenIssuer, 'issuer'>): boolean {
  return URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol)
}
