import { z } from 'zod'
import type { GenAuthSettings } from '../../genauth/client.ts'
import type { Environment } from '../environment.ts'
import { headerValue, httpUrl, wholeNumber, word } from '../value-schemas.ts'
import { type Values, variable } from '../variable.ts'
import type { Mode } from './mode.ts'

const DEFAULT_URL = 'https://api.genauth.ai'
const ACCESS_VARIABLES = ['GENAUTH_URL', 'GENAUTH_ACCESS_KEY_ID', 'GENAUTH_ACCESS_KEY_SECRET'] as const
const headerName = z.string().regex(/^[a-z0-9-]+$/, 'must be a lower-case header name')
/** These headers decide how a request is sent, or who sends it. */
const RESERVED_HEADERS =
  /^(host|connection|content-.*|transfer-encoding|accept-encoding|authorization|date|expect|te|trailer|upgrade)$/

export const GENAUTH_VARIABLES = {
  GENAUTH_URL: variable(
    `Base URL of GenAuth. Requires both parts of an access key. Unset, with a key: ${DEFAULT_URL}.`,
    null,
    httpUrl.refine(isPlainUrl, { error: 'must hold no credentials, query or fragment' }),
  ),
  GENAUTH_ACCESS_KEY_ID: variable(
    'Id of the access key. Unset, with no other GENAUTH_ access: the sandbox is used.',
    null,
    headerValue,
  ),
  GENAUTH_ACCESS_KEY_ID_FILE: variable('File that holds it, in its place.', null, word),
  GENAUTH_ACCESS_KEY_SECRET: variable('Secret of the access key.', null, word),
  GENAUTH_ACCESS_KEY_SECRET_FILE: variable(
    'File that holds it, in its place. Requires an AUDIT_KEY. Read again on SIGHUP and when GenAuth refuses the key.',
    null,
    word,
  ),
  GENAUTH_AUTH: variable(
    'How the server authenticates at GenAuth: token or signature.',
    'token',
    z.enum(['token', 'signature'], 'must be token or signature'),
  ),
  GENAUTH_USER_POOL_ID: variable(
    "User pool, sent with a token. Unset: the token's scoped_userpool_id claim.",
    null,
    headerValue,
  ),
  GENAUTH_HEADER_PREFIX: variable("Prefix of GenAuth's own headers.", 'x-authing-', headerName),
  GENAUTH_SIGNATURE_SCHEME: variable('Scheme word of a signature.', 'authing', headerValue),
  GENAUTH_TENANT_ID: variable('Tenant. Requires GENAUTH_TENANT_HEADER.', null, headerValue),
  GENAUTH_TENANT_HEADER: variable(
    'Header that carries the tenant. Requires GENAUTH_TENANT_ID.',
    null,
    headerName.refine(
      name => !RESERVED_HEADERS.test(name),
      'must not be a header that HTTP or GenAuth needs',
    ),
  ),
  GENAUTH_TIMEOUT_MS: variable(
    'Longest wait for one attempt at a call to GenAuth, in milliseconds.',
    '5000',
    wholeNumber(1, 60_000),
  ),
  GENAUTH_MAX_RPS: variable(
    'Requests that GenAuth allows the user pool in a second. Calls wait for a permit.',
    '300',
    wholeNumber(1, 100_000),
  ),
}

/** The address and the credentials of GenAuth. */
interface GenAuthAccess {
  readonly url: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export interface GenAuthSection extends GenAuthSettings {
  /** `null` if the embedded sandbox is started and used. */
  readonly access: GenAuthAccess | null
}

/** Treats an incomplete access key as a fault. It never falls back to the sandbox silently. */
export function readGenAuth(env: Environment, mode: Mode): GenAuthSection {
  const values = env.read(GENAUTH_VARIABLES)
  const access = readAccess(env, values)
  if (access === null && !mode.allowsSandbox && env.isSound(...ACCESS_VARIABLES)) {
    env.refuse('GENAUTH_ACCESS_KEY_ID', 'required in production; SANDBOX=1 allows the sandbox instead')
  }
  if (mode.isProduction) env.refuseOpenWire('GENAUTH_URL', values.GENAUTH_URL, 'https')
  return {
    access,
    auth: values.GENAUTH_AUTH,
    userPoolId: values.GENAUTH_USER_POOL_ID,
    headerPrefix: values.GENAUTH_HEADER_PREFIX,
    signatureScheme: values.GENAUTH_SIGNATURE_SCHEME,
    tenant: readTenant(env, values),
    timeoutMs: values.GENAUTH_TIMEOUT_MS,
    maxRps: values.GENAUTH_MAX_RPS,
  }
}

type GenAuthValues = Values<typeof GENAUTH_VARIABLES>

function readAccess(env: Environment, values: GenAuthValues): GenAuthAccess | null {
  const { GENAUTH_ACCESS_KEY_ID: accessKeyId, GENAUTH_ACCESS_KEY_SECRET: accessKeySecret } = values
  if (accessKeyId !== null && accessKeySecret !== null) {
    return { url: values.GENAUTH_URL ?? DEFAULT_URL, accessKeyId, accessKeySecret }
  }
  const given = ACCESS_VARIABLES.filter(name => env.has(name))
  if (given.length === 0) return null
  for (const name of ACCESS_VARIABLES.slice(1)) {
    if (!env.isGiven(name)) env.refuse(name, `required with ${given.join(' and ')}`)
  }
  return null
}

function readTenant(env: Environment, values: GenAuthValues): GenAuthSettings['tenant'] {
  const { GENAUTH_TENANT_ID: id, GENAUTH_TENANT_HEADER: header } = values
  if (id !== null && header !== null) return { id, header }
  if (id !== null) env.refuse('GENAUTH_TENANT_HEADER', 'required with GENAUTH_TENANT_ID')
  if (header !== null) env.refuse('GENAUTH_TENANT_ID', 'required with GENAUTH_TENANT_HEADER')
  return null
}

/** Returns `true` for a text that is not a URL, because the rule before has already refused it. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { username, password, search, hash } = new URL(text)
  return `${username}${password}${search}${hash}` === ''
}
