import { z } from 'zod'
import { LOG_LEVELS, type LogLevel } from './log.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** One environment variable: what it is for, what stands in its place when unset, and how it is read. */
interface Variable<T> {
  readonly meaning: string
  /** As README shows it; null: unset means off, or is explained by `meaning`. */
  readonly default: string | null
  readonly schema: z.ZodType<T>
}

export interface ServerConfig {
  readonly port: number
  readonly host: string
  readonly graphiql: boolean
  readonly introspection: boolean
}

export interface GenAuthConfig {
  /** Null: the embedded sandbox is started and used. */
  readonly access: {
    readonly url: string
    readonly accessKeyId: string
    readonly accessKeySecret: string
  } | null
  readonly auth: 'token' | 'signature'
  readonly userPoolId: string | null
  readonly headerPrefix: string
  readonly signatureScheme: string
  readonly lang: string
  readonly tenant: { readonly id: string; readonly header: string } | null
  readonly timeoutMs: number
}

export interface Config {
  readonly server: ServerConfig
  readonly log: { readonly level: LogLevel }
  readonly genauth: GenAuthConfig
  readonly sandbox: { readonly port: number }
}

/** Every fault of an environment at once. The text names variables and rules and repeats no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(['The configuration is not usable:', ...faults.map(fault => `  - ${fault}`)].join('\n'))
    this.faults = faults
  }
}

const MAX_TIMEOUT_MS = 60_000

const port = wholeNumber(0, 65_535)
const word = z.string('must be text')
const headerName = z.string().regex(/^[a-z0-9-]+$/, 'must be a lower-case header name')
/** Headers that decide how a request is sent, or who sends it. */
const RESERVED_HEADERS =
  /^(host|connection|content-.*|transfer-encoding|accept-encoding|authorization|date|expect|te|trailer|upgrade)$/
const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform(value => value === 'on')
const ACCESS_VARIABLES = ['GENAUTH_URL', 'GENAUTH_ACCESS_KEY_ID', 'GENAUTH_ACCESS_KEY_SECRET'] as const

/** Every variable that is read. README's table is compared with this one by a test. */
export const VARIABLES = {
  PORT: variable('Port of the GraphQL server.', '4000', port),
  HOST: variable('Address to listen on.', '127.0.0.1', word),
  LOG_LEVEL: variable(
    'One of fatal, error, warn, info, debug, silent.',
    'info',
    z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
  ),
  GRAPHIQL: variable(
    'GraphiQL page at /graphql: on or off. Unset: off in production, else on.',
    null,
    onOrOff,
  ),
  INTROSPECTION: variable(
    'Introspection and the published SDL: on or off. Unset: off in production, else on.',
    null,
    onOrOff,
  ),
  GENAUTH_URL: variable(
    'Base URL of GenAuth; needs both parts of an access key. Unset, with a key: https://api.genauth.ai.',
    null,
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).refine(isPlainUrl, {
      error: 'must hold no credentials, query or fragment',
    }),
  ),
  GENAUTH_ACCESS_KEY_ID: variable(
    'Access key. Unset, with no other GENAUTH_ access: the sandbox.',
    null,
    headerValue(),
  ),
  GENAUTH_ACCESS_KEY_SECRET: variable('Secret of the access key.', null, word),
  GENAUTH_AUTH: variable(
    'How GenAuth is shown the key: token or signature.',
    'token',
    z.enum(['token', 'signature'], 'must be token or signature'),
  ),
  GENAUTH_USER_POOL_ID: variable(
    "User pool, sent with a token. Unset: the token's scoped_userpool_id claim.",
    null,
    headerValue(),
  ),
  GENAUTH_HEADER_PREFIX: variable("Prefix of GenAuth's own headers.", 'x-authing-', headerName),
  GENAUTH_SIGNATURE_SCHEME: variable('Scheme word of a signature.', 'authing', headerValue()),
  GENAUTH_LANG: variable(
    "Language of GenAuth's messages, which are never passed on.",
    'en-US',
    headerValue(),
  ),
  GENAUTH_TENANT_ID: variable('Tenant; needs GENAUTH_TENANT_HEADER.', null, headerValue()),
  GENAUTH_TENANT_HEADER: variable(
    'Header that carries the tenant; needs GENAUTH_TENANT_ID.',
    null,
    headerName.refine(
      name => !RESERVED_HEADERS.test(name),
      'must not be a header that HTTP or GenAuth needs',
    ),
  ),
  GENAUTH_TIMEOUT_MS: variable(
    'Longest wait for one call to GenAuth, in milliseconds.',
    '5000',
    wholeNumber(1, MAX_TIMEOUT_MS),
  ),
  SANDBOX_PORT: variable('Port of the sandbox, on 127.0.0.1.', '4010', port),
  SANDBOX: variable(
    '1 allows the sandbox when NODE_ENV is production.',
    null,
    z.literal('1', 'must be 1 or unset'),
  ),
  NODE_ENV: variable(
    'production turns GraphiQL and introspection off and asks for an access key.',
    null,
    word,
  ),
} satisfies Record<string, Variable<unknown>>

type VariableName = keyof typeof VARIABLES
type Values = { readonly [N in VariableName]: z.infer<(typeof VARIABLES)[N]['schema']> | undefined }

/**
 * Reads a flat environment. An empty variable is an unset one.
 *
 * @throws ConfigError with every fault found
 */
export function loadConfig(env: Environment): Config {
  const faults: string[] = []
  const values = readValues(env, faults)
  const isProduction = values.NODE_ENV === 'production'
  const access = readAccess(env, values, faults)
  if (access === null && isProduction && values.SANDBOX !== '1' && faults.length === 0) {
    faults.push('GENAUTH_ACCESS_KEY_ID: required in production; SANDBOX=1 allows the sandbox instead')
  }
  const tenant = readTenant(values, faults)
  if (faults.length > 0) throw new ConfigError(faults)

  return {
    server: {
      port: required(values.PORT),
      host: required(values.HOST),
      graphiql: values.GRAPHIQL ?? !isProduction,
      introspection: values.INTROSPECTION ?? !isProduction,
    },
    log: { level: required(values.LOG_LEVEL) },
    genauth: {
      access,
      auth: required(values.GENAUTH_AUTH),
      userPoolId: values.GENAUTH_USER_POOL_ID ?? null,
      headerPrefix: required(values.GENAUTH_HEADER_PREFIX),
      signatureScheme: required(values.GENAUTH_SIGNATURE_SCHEME),
      lang: required(values.GENAUTH_LANG),
      tenant,
      timeoutMs: required(values.GENAUTH_TIMEOUT_MS),
    },
    sandbox: { port: required(values.SANDBOX_PORT) },
  }
}

function readValues(env: Environment, faults: string[]): Values {
  const entries = Object.entries(VARIABLES).map(([name, { meaning, schema, default: fallback }]) => {
    const text = env[name] || fallback
    if (text === null) return [name, undefined]
    const parsed = schema.safeParse(text)
    if (!parsed.success) faults.push(`${name}: ${parsed.error.issues[0]?.message}. ${meaning}`)
    return [name, parsed.data]
  })
  return Object.fromEntries(entries)
}

function readAccess(env: Environment, values: Values, faults: string[]): GenAuthConfig['access'] {
  const { GENAUTH_ACCESS_KEY_ID: accessKeyId, GENAUTH_ACCESS_KEY_SECRET: accessKeySecret } = values
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    return { url: values.GENAUTH_URL ?? 'https://api.genauth.ai', accessKeyId, accessKeySecret }
  }
  const given = ACCESS_VARIABLES.filter(name => env[name])
  if (given.length > 0) {
    for (const name of ACCESS_VARIABLES.slice(1)) {
      if (!env[name]) faults.push(`${name}: required with ${given.join(' and ')}`)
    }
  }
  return null
}

function readTenant(values: Values, faults: string[]): GenAuthConfig['tenant'] {
  const { GENAUTH_TENANT_ID: id, GENAUTH_TENANT_HEADER: header } = values
  if (id !== undefined && header !== undefined) return { id, header }
  if (id !== undefined) faults.push('GENAUTH_TENANT_HEADER: required with GENAUTH_TENANT_ID')
  if (header !== undefined) faults.push('GENAUTH_TENANT_ID: required with GENAUTH_TENANT_HEADER')
  return null
}

function variable<T>(meaning: string, fallback: string | null, schema: z.ZodType<T>): Variable<T> {
  return { meaning, default: fallback, schema }
}

function wholeNumber(min: number, max: number): z.ZodType<number> {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine(value => value >= min && value <= max, error)
}

function headerValue(): z.ZodType<string> {
  return z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
}

/** True for what is no URL at all, which the rule before this one has already refused. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { username, password, search, hash } = new URL(text)
  return `${username}${password}${search}${hash}` === ''
}

/** Variables with a default always have a value once there are no faults. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A variable with a default has no value')
  return value
}
