import { z } from 'zod'
import type { AccessSettings, TokenIssuer } from '../../access/authenticator.ts'
import type { ScopeNames } from '../../access/caller.ts'
import { type ClientTokenMark, parseClientTokenMark } from '../../access/client-tokens.ts'
import type { Environment } from '../environment.ts'
import { headerValue, httpUrl, list, parsed, wholeNumber, word } from '../value-schemas.ts'
import { variable } from '../variable.ts'
import type { Mode } from './mode.ts'

export const ISSUER_VARIABLES = {
  AUTH_JWKS_URL: variable(
    "Where the issuer of callers' tokens publishes its keys. Unset: where the discovery document of AUTH_ISSUER says. With none of the three, on the embedded sandbox: the sandbox's own issuer.",
    null,
    httpUrl,
  ),
  AUTH_ISSUER: variable(
    "The `iss` that callers' tokens must have, exactly. Requires AUTH_AUDIENCE.",
    null,
    word,
  ),
  AUTH_AUDIENCE: variable("The `aud` that callers' tokens must name.", null, word),
}

export const TOKEN_VARIABLES = {
  AUTH_AUDIENCE_CLAIM: variable(
    'Claim that names the audience, for issuers whose tokens have no `aud`. A claim within another: `a.b` or `/a/b`.',
    'aud',
    word,
  ),
  AUTH_TOKEN_TYPE: variable('The `typ` that tokens must have, as at+jwt. Unset: any.', null, word),
  AUTH_SCOPE_CLAIM: variable(
    'Claims that hold scopes or roles, separated by commas. All of them count. A claim within another: `a.b` or `/a/b`.',
    'scope,scp,permissions',
    list(z.string().min(1, 'must be names of claims, separated by commas')),
  ),
  AUTH_READ_SCOPE: variable('Scope that allows reading.', 'mfa:read', headerValue),
  AUTH_WRITE_SCOPE: variable('Scope that allows changing, and reading.', 'mfa:write', headerValue),
  AUTH_REPORT_SCOPE: variable(
    'Scope that allows scans of who has no MFA, and what they found. Neither of the two above allows that.',
    'mfa:report',
    headerValue,
  ),
  AUTH_POLICY_SCOPE: variable(
    'Scope that allows changing the factors of the whole user pool and of its applications. None of the three above allows that.',
    'mfa:policy',
    headerValue,
  ),
  AUTH_AUDIT_SCOPE: variable(
    "Scope that allows reading the changes of users' factors, with their callers and reasons, and GenAuth's log of users. None of the four above allows that.",
    'mfa:audit',
    headerValue,
  ),
  AUTH_USER_ID_CLAIM: variable("Claim that holds the caller's own GenAuth id.", 'sub', word),
  AUTH_CLIENT_TOKENS: variable(
    'How tokens of clients are recognized, which need not hold that claim: `sub-is-client`, or `claim=value`, separated by commas. Unset: no token is one.',
    null,
    parsed(parseClientTokens, 'must be sub-is-client or claim=value, separated by commas'),
  ),
  AUTH_JWKS_MAX_AGE_S: variable(
    "Seconds for which the issuer's keys are used before the server asks for them again. The issuer's `cache-control` can make it less, down to 30.",
    '300',
    wholeNumber(1, 86_400),
  ),
  AUTH_JWKS_MAX_STALE_S: variable(
    'Seconds for which keys are used after the issuer last gave them, while the issuer does not answer.',
    '43200',
    wholeNumber(1, 604_800),
  ),
}

export interface AccessSection extends AccessSettings {
  /** The issuer of callers' tokens. `null` stands for the embedded sandbox. */
  readonly issuer: TokenIssuer | null
}

export function readAccess(env: Environment, mode: Mode, hasAccessKey: boolean): AccessSection {
  const issuer = readIssuer(env, mode, hasAccessKey)
  const values = env.read(TOKEN_VARIABLES)
  const { AUTH_JWKS_MAX_AGE_S: jwksMaxAgeS, AUTH_JWKS_MAX_STALE_S: jwksMaxStaleS } = values
  if (jwksMaxStaleS < jwksMaxAgeS && env.isSound('AUTH_JWKS_MAX_AGE_S', 'AUTH_JWKS_MAX_STALE_S')) {
    env.refuse('AUTH_JWKS_MAX_STALE_S', 'must be at least AUTH_JWKS_MAX_AGE_S')
  }
  return {
    issuer,
    audienceClaim: values.AUTH_AUDIENCE_CLAIM,
    scopeClaims: values.AUTH_SCOPE_CLAIM,
    tokenType: values.AUTH_TOKEN_TYPE,
    scopeNames: toScopeNames(values),
    userIdClaim: values.AUTH_USER_ID_CLAIM,
    jwksMaxAgeS,
    jwksMaxStaleS,
    clientTokens: values.AUTH_CLIENT_TOKENS ?? [],
  }
}

/** The variables that name the scopes. */
export const SCOPE_VARIABLE_NAMES = [
  'AUTH_READ_SCOPE',
  'AUTH_WRITE_SCOPE',
  'AUTH_REPORT_SCOPE',
  'AUTH_POLICY_SCOPE',
  'AUTH_AUDIT_SCOPE',
] as const

/** Returns the names of the scopes, of variables that were read. */
export function toScopeNames(
  values: Readonly<Record<(typeof SCOPE_VARIABLE_NAMES)[number], string>>,
): ScopeNames {
  return {
    read: values.AUTH_READ_SCOPE,
    write: values.AUTH_WRITE_SCOPE,
    report: values.AUTH_REPORT_SCOPE,
    policy: values.AUTH_POLICY_SCOPE,
    audit: values.AUTH_AUDIT_SCOPE,
  }
}

/**
 * The sandbox issues tokens for its own made-up users. It issues none for users of a real GenAuth, and none in
 * production.
 */
function readIssuer(
  env: Environment,
  { isProduction }: Mode,
  hasAccessKey: boolean,
): AccessSection['issuer'] {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = env.read(ISSUER_VARIABLES)
  const isDiscovered = isDiscoverable(issuer)
  if (isProduction) {
    if (jwksUrl === null && isDiscovered) env.refuseOpenWire('AUTH_ISSUER', issuer, 'https')
    else env.refuseOpenWire('AUTH_JWKS_URL', jwksUrl, 'https')
  }
  const canFindKeys = env.has('AUTH_JWKS_URL') || isDiscovered
  if (canFindKeys && issuer !== null && audience !== null) return { jwksUrl, issuer, audience }
  const given = Object.keys(ISSUER_VARIABLES).filter(name => env.has(name))
  if (given.length === 0 && !hasAccessKey && !isProduction) return null
  const why =
    given.length > 0 ? `with ${given.join(' and ')}` : isProduction ? 'in production' : 'with an access key'
  if (!canFindKeys) {
    env.refuse('AUTH_JWKS_URL', `required ${why}, unless AUTH_ISSUER is a URL with discovery`)
  }
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE']) {
    if (!env.has(name)) env.refuse(name, `required ${why}`)
  }
  return null
}

/** Requires a URL without query and fragment (RFC 8414, section 2). */
function isDiscoverable(issuer: string | null): boolean {
  if (issuer === null || !URL.canParse(issuer)) return false
  const { protocol, username, password, search, hash } = new URL(issuer)
  return /^https?:$/.test(protocol) && username + password + search + hash === ''
}

function parseClientTokens(text: string): readonly ClientTokenMark[] | null {
  const marks = text.split(',').map(part => parseClientTokenMark(part.trim()))
  const known = marks.filter(mark => mark !== null)
  return known.length === marks.length ? known : null
}
