import type { z } from 'zod'
import type { ClientTokenMark } from '../access/client-tokens.ts'
import type { RateLimits } from '../access/rate-limits.ts'
import { isLoopback } from '../base/is-loopback.ts'
import { withoutByteOrderMark } from '../base/read-text-file.ts'
import type { TrustedProxies } from '../http/client-address/trusted-proxies.ts'
import type { LogLevel } from '../log.ts'
import type { SharedLockDemand } from '../mfa/shared-lock.ts'
import type { EntityIdType } from '../mfa/user-ref.ts'
import { readTlsFiles, type TlsFiles } from '../redis/tls-files.ts'
import { ConfigError } from './config-error.ts'
import { readSecrets, SECRET_VARIABLES, type SecretVariable } from './secret-files.ts'
import { readTraces, type TracesConfig } from './traces-config.ts'
import { VARIABLES } from './variables.ts'

export type { TracesConfig } from './traces-config.ts'

export { ConfigError }

type Environment = Readonly<Record<string, string | undefined>>

export interface ServerConfig {
  readonly port: number
  readonly host: string
  readonly graphiql: boolean
  readonly introspection: boolean
  /** Origins whose pages may read answers. */
  readonly corsOrigins: readonly string[]
  /** For one operation. */
  readonly requestDeadlineMs: number
  /** From being told to stop to taking no more connections. */
  readonly shutdownDelayMs: number
  /** Of a connection on which nothing happens. */
  readonly keepAliveTimeoutMs: number
  /** Which proxies are believed when they say where a request came from. */
  readonly trustedProxies: TrustedProxies
}

export interface TrustedDocumentsConfig {
  readonly mode: 'off' | 'prefer' | 'only'
  /** Null: the documents that come with the product. */
  readonly file: string | null
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
  readonly maxRps: number
}

export interface AccessConfig {
  /** Who issues callers' tokens. Null: the embedded sandbox. */
  readonly issuer: {
    /** Null: the issuer's own document says it. */
    readonly jwksUrl: string | null
    readonly issuer: string
    readonly audience: string
  } | null
  /** The claim that names the audience. */
  readonly audienceClaim: string
  /** The claims that hold scopes. */
  readonly scopeClaims: readonly string[]
  readonly tokenType: string | null
  readonly scopeNames: { readonly read: string; readonly write: string }
  readonly userIdClaim: string
  /** How long the issuer's keys are used before it is asked again. */
  readonly jwksMaxAgeS: number
  /** And while it cannot be asked. */
  readonly jwksMaxStaleS: number
  /** How tokens of clients are known; empty: none is. */
  readonly clientTokens: readonly ClientTokenMark[]
}

export interface PolicyConfig {
  readonly allowSelfWeakening: boolean
  /** Null: weakening needs no fresh sign-in. Empty lists: any `acr`, any `amr`. */
  readonly stepUp: {
    readonly maxAgeS: number
    readonly acrValues: readonly string[]
    readonly amrValues: readonly string[]
  } | null
  readonly requireReason: 'off' | 'weakening' | 'always'
  /** `off` where nothing is shared. */
  readonly sharedLockFor: SharedLockDemand
  /** Null: no limits. */
  readonly rateLimits: RateLimits | null
  /** Null: no limit. */
  readonly refusedRequestsPerMinute: number | null
}

export interface AuditConfig {
  /** A path, or `stdout`. */
  readonly log: string
  /** Whether a stdout that keeps nothing is a fault; else it is warned of. */
  readonly mustBeKept: boolean
  /** A file that holds so much is sealed, and another one begins. */
  readonly segmentBytes: number
  /** The one in force, then former ones. Empty: the access key's secret stands in for it. */
  readonly keys: readonly string[]
}

export interface FederationConfig {
  /** Whether the published SDL says which scopes fields need. */
  readonly authDirectives: boolean
  /** What kind of id `User.id` is in the supergraph. */
  readonly userIdType: EntityIdType
}

export interface TelemetryConfig {
  /** Null: no metrics. */
  readonly metrics: { readonly port: number; readonly host: string } | null
  /** Null: no traces. */
  readonly traces: TracesConfig | null
}

export interface RedisConfig {
  readonly url: string
  readonly keyPrefix: string
  /** At least so many share; null: unknown. */
  readonly replicas: number | null
  /** The longest wait for one answer. */
  readonly timeoutMs: number
  /** How many questions in a row may go without an answer before Redis counts as lost. */
  readonly lostAfterTimeouts: number
  readonly tlsFiles: TlsFiles
}

export interface Config {
  readonly isProduction: boolean
  readonly server: ServerConfig
  readonly log: {
    readonly level: LogLevel
    /** Whether a terminal gets lines for people. */
    readonly isReadable: boolean
  }
  readonly genauth: GenAuthConfig
  readonly access: AccessConfig
  readonly policy: PolicyConfig
  readonly audit: AuditConfig
  readonly federation: FederationConfig
  readonly trustedDocuments: TrustedDocumentsConfig
  readonly telemetry: TelemetryConfig
  /** Null: this process shares nothing with others. */
  readonly redis: RedisConfig | null
  readonly sandbox: {
    readonly port: number
    /** Whether it hands out tokens for callers; never in production. */
    readonly issuesTokens: boolean
  }
  /** Those that come from files, which can be read again. */
  readonly secretsFromFiles: readonly SecretVariable[]
  readonly ignoredVariables: readonly IgnoredVariable[]
}

/** A variable that counts as unset, since its value was meant for another program. */
export interface IgnoredVariable {
  readonly variable: string
  /** What it must be to be used. Nothing of the value. */
  readonly rule: string
}

const ACCESS_VARIABLES = ['GENAUTH_URL', 'GENAUTH_ACCESS_KEY_ID', 'GENAUTH_ACCESS_KEY_SECRET'] as const
const REFUSED_REQUESTS_PER_MINUTE = 300
const REDIS_TLS_VARIABLES = {
  certFile: 'REDIS_TLS_CERT_FILE',
  keyFile: 'REDIS_TLS_KEY_FILE',
  caFile: 'REDIS_TLS_CA_FILE',
} as const
const AUTH_VARIABLES = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const

type VariableName = keyof typeof VARIABLES
type Values = { readonly [N in VariableName]: z.infer<(typeof VARIABLES)[N]['schema']> | undefined }

/**
 * Reads a flat environment, and the files of secrets that it names. An empty variable is an unset one.
 *
 * @throws ConfigError with every fault found
 */
export function loadConfig(given: Environment): Config {
  const faults: string[] = []
  const { env, fromFiles } = readSecrets(given, faults)
  const ignoredVariables: IgnoredVariable[] = []
  const values = readValues(env, faults, ignoredVariables)
  const isProduction = values.NODE_ENV === 'production'
  const access = readAccess(env, values, faults)
  if (access === null && isProduction && values.SANDBOX !== '1' && !hasAccessFault(faults)) {
    faults.push('GENAUTH_ACCESS_KEY_ID: required in production; SANDBOX=1 allows the sandbox instead')
  }
  const issuer = readIssuer(env, values, access !== null, isProduction, faults)
  if (isProduction && values.AUDIT_LOG === undefined) {
    faults.push('AUDIT_LOG: required in production, a file or stdout')
  }
  // The journal would lose its key when the access key changes.
  if (ACCESS_VARIABLES.some(name => fromFiles.some(from => from === name)) && !isGiven(env, 'AUDIT_KEY')) {
    faults.push('AUDIT_KEY: required with an access key from files, or AUDIT_KEY_FILE')
  }
  if (values.AUTH_STEP_UP_MAX_AGE_S === undefined && (values.AUTH_STEP_UP_ACR ?? values.AUTH_STEP_UP_AMR)) {
    faults.push('AUTH_STEP_UP_MAX_AGE_S: required with AUTH_STEP_UP_ACR or AUTH_STEP_UP_AMR')
  }
  if (values.TRUSTED_DOCUMENTS === 'off' && values.TRUSTED_DOCUMENTS_FILE !== undefined) {
    faults.push('TRUSTED_DOCUMENTS: must be prefer or only with TRUSTED_DOCUMENTS_FILE')
  }
  if (values.REDIS_REPLICAS !== undefined && !isGiven(env, 'REDIS_URL')) {
    faults.push('REDIS_URL: required with REDIS_REPLICAS')
  }
  if ((values.REDIS_REQUIRED_FOR ?? 'off') !== 'off' && !isGiven(env, 'REDIS_URL')) {
    faults.push('REDIS_URL: required with REDIS_REQUIRED_FOR')
  }
  const redisStallMs = Number(values.REDIS_TIMEOUT_MS) * Number(values.REDIS_LOST_AFTER_TIMEOUTS)
  if (redisStallMs >= Number(values.REQUEST_DEADLINE_MS) && isGiven(env, 'REDIS_URL')) {
    faults.push('REDIS_LOST_AFTER_TIMEOUTS: with REDIS_TIMEOUT_MS must be less than REQUEST_DEADLINE_MS')
  }
  const redisTlsFiles = readRedisTlsFiles(env, values, faults)
  if (Number(values.AUTH_JWKS_MAX_STALE_S) < Number(values.AUTH_JWKS_MAX_AGE_S)) {
    faults.push('AUTH_JWKS_MAX_STALE_S: must be at least AUTH_JWKS_MAX_AGE_S')
  }
  const tenant = readTenant(values, faults)
  if (isProduction) refuseOpenWire(values, faults)
  if (faults.length > 0) throw new ConfigError(faults)

  return {
    isProduction,
    server: {
      port: required(values.PORT),
      host: required(values.HOST),
      graphiql: values.GRAPHIQL ?? !isProduction,
      introspection: values.INTROSPECTION ?? !isProduction,
      corsOrigins: values.CORS_ORIGINS ?? [],
      requestDeadlineMs: required(values.REQUEST_DEADLINE_MS),
      shutdownDelayMs: required(values.SHUTDOWN_DELAY_MS),
      keepAliveTimeoutMs: required(values.KEEP_ALIVE_TIMEOUT_MS),
      trustedProxies: values.TRUST_PROXY ?? { kind: 'NONE' },
    },
    log: { level: required(values.LOG_LEVEL), isReadable: !isProduction },
    genauth: {
      access,
      auth: required(values.GENAUTH_AUTH),
      userPoolId: values.GENAUTH_USER_POOL_ID ?? null,
      headerPrefix: required(values.GENAUTH_HEADER_PREFIX),
      signatureScheme: required(values.GENAUTH_SIGNATURE_SCHEME),
      lang: required(values.GENAUTH_LANG),
      tenant,
      timeoutMs: required(values.GENAUTH_TIMEOUT_MS),
      maxRps: required(values.GENAUTH_MAX_RPS),
    },
    access: {
      issuer,
      audienceClaim: required(values.AUTH_AUDIENCE_CLAIM),
      scopeClaims: required(values.AUTH_SCOPE_CLAIM),
      tokenType: values.AUTH_TOKEN_TYPE ?? null,
      scopeNames: { read: required(values.AUTH_READ_SCOPE), write: required(values.AUTH_WRITE_SCOPE) },
      userIdClaim: required(values.AUTH_USER_ID_CLAIM),
      jwksMaxAgeS: required(values.AUTH_JWKS_MAX_AGE_S),
      jwksMaxStaleS: required(values.AUTH_JWKS_MAX_STALE_S),
      clientTokens: values.AUTH_CLIENT_TOKENS ?? [],
    },
    policy: {
      allowSelfWeakening: required(values.ALLOW_SELF_WEAKENING),
      stepUp: readStepUp(values),
      requireReason: required(values.REQUIRE_REASON),
      sharedLockFor: required(values.REDIS_REQUIRED_FOR),
      rateLimits: values.RATE_LIMITS ?? null,
      refusedRequestsPerMinute: readRefusedRequests(values),
    },
    federation: {
      authDirectives: required(values.FEDERATION_AUTH_DIRECTIVES),
      userIdType: required(values.FEDERATION_USER_ID_TYPE),
    },
    audit: {
      log: values.AUDIT_LOG ?? 'stdout',
      mustBeKept: isProduction,
      segmentBytes: required(values.AUDIT_SEGMENT_BYTES),
      keys: values.AUDIT_KEY ?? [],
    },
    trustedDocuments: {
      mode: required(values.TRUSTED_DOCUMENTS),
      file: values.TRUSTED_DOCUMENTS_FILE ?? null,
    },
    telemetry: {
      metrics: readMetrics(values),
      traces: readTraces(values),
    },
    redis: readRedis(values, redisTlsFiles),
    sandbox: { port: required(values.SANDBOX_PORT), issuesTokens: !isProduction },
    secretsFromFiles: fromFiles,
    ignoredVariables,
  }
}

/**
 * What a journal is verified with: no more of the environment needs to be there.
 *
 * @throws ConfigError
 */
export function loadVerifierSecrets(given: Environment): {
  readonly auditKeys: readonly string[]
  readonly accessKeySecret: string | null
} {
  const faults: string[] = []
  const { AUDIT_KEY: auditKeys, GENAUTH_ACCESS_KEY_SECRET: accessKeySecret } = readValues(
    readSecrets(given, faults).env,
    faults,
    [],
  )
  const ofSecrets = faults.filter(fault => SECRET_VARIABLES.some(name => fault.startsWith(name)))
  if (ofSecrets.length > 0) throw new ConfigError(ofSecrets)
  return { auditKeys: auditKeys ?? [], accessKeySecret: accessKeySecret ?? null }
}

/**
 * What the published SDL depends on: no more of the environment needs to be there.
 *
 * @throws ConfigError
 */
export function loadSchemaConfig(given: Environment): {
  /** Null: the SDL says nothing of scopes. */
  readonly authDirectives: AccessConfig['scopeNames'] | null
  readonly scopeNames: AccessConfig['scopeNames']
} {
  const faults: string[] = []
  const names = ['FEDERATION_AUTH_DIRECTIVES', 'AUTH_READ_SCOPE', 'AUTH_WRITE_SCOPE'] as const
  const values = readValues(Object.fromEntries(names.map(name => [name, given[name]])), faults, [])
  if (faults.length > 0) throw new ConfigError(faults)
  const scopeNames = { read: required(values.AUTH_READ_SCOPE), write: required(values.AUTH_WRITE_SCOPE) }
  return { authDirectives: values.FEDERATION_AUTH_DIRECTIVES ? scopeNames : null, scopeNames }
}

function readValues(env: Environment, faults: string[], ignored: IgnoredVariable[]): Values {
  const entries = Object.entries(VARIABLES).map(
    ([name, { meaning, schema, default: fallback, isForeign }]) => {
      // As `$(cat FILE)` hands it on.
      const text = withoutByteOrderMark(env[name] ?? '') || fallback
      if (text === null) return [name, undefined]
      const parsed = schema.safeParse(text)
      if (parsed.success) return [name, parsed.data]
      const rule = parsed.error.issues[0]?.message ?? ''
      if (!isForeign(text)) {
        faults.push(`${name}: ${rule}. ${meaning}`)
        return [name, undefined]
      }
      ignored.push({ variable: name, rule })
      return [name, fallback === null ? undefined : schema.parse(fallback)]
    },
  )
  return Object.fromEntries(entries)
}

/** What is wrong with the access is said already. */
function hasAccessFault(faults: readonly string[]): boolean {
  return faults.some(fault => ACCESS_VARIABLES.some(name => new RegExp(`^${name}(_FILE)?:`).test(fault)))
}

function readAccess(env: Environment, values: Values, faults: string[]): GenAuthConfig['access'] {
  const { GENAUTH_ACCESS_KEY_ID: accessKeyId, GENAUTH_ACCESS_KEY_SECRET: accessKeySecret } = values
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    return { url: values.GENAUTH_URL ?? 'https://api.genauth.ai', accessKeyId, accessKeySecret }
  }
  const given = ACCESS_VARIABLES.filter(name => env[name])
  if (given.length > 0) {
    for (const name of ACCESS_VARIABLES.slice(1)) {
      if (!isGiven(env, name)) faults.push(`${name}: required with ${given.join(' and ')}`)
    }
  }
  return null
}

/** By itself or by a file, even one that could not be read: that is said already. */
function isGiven(env: Environment, name: string): boolean {
  return Boolean(env[name] || (SECRET_VARIABLES.some(secret => secret === name) && env[`${name}_FILE`]))
}

function readIssuer(
  env: Environment,
  values: Values,
  hasAccessKey: boolean,
  isProduction: boolean,
  faults: string[],
): AccessConfig['issuer'] {
  const { AUTH_JWKS_URL: jwksUrl = null, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = values
  const canFindKeys = env['AUTH_JWKS_URL'] || isDiscoverable(issuer)
  if (canFindKeys && issuer !== undefined && audience !== undefined) return { jwksUrl, issuer, audience }
  const given = AUTH_VARIABLES.filter(name => env[name])
  // The sandbox issues tokens for its own made-up users, and for nobody else's.
  if (given.length === 0 && !hasAccessKey && !isProduction) return null
  const why =
    given.length > 0 ? `with ${given.join(' and ')}` : isProduction ? 'in production' : 'with an access key'
  if (!canFindKeys) faults.push(`AUTH_JWKS_URL: required ${why}, unless AUTH_ISSUER is a URL with discovery`)
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    if (!env[name]) faults.push(`${name}: required ${why}`)
  }
  return null
}

/** RFC 8414, section 2: a URL without query and fragment. */
function isDiscoverable(issuer: string | undefined): boolean {
  if (issuer === undefined || !URL.canParse(issuer)) return false
  const { protocol, username, password, search, hash } = new URL(issuer)
  return /^https?:$/.test(protocol) && username + password + search + hash === ''
}

/** What goes there must not be read on its way, nor what comes from there be put in its place. */
function refuseOpenWire(values: Values, faults: string[]): void {
  const keysFrom =
    values.AUTH_JWKS_URL === undefined && isDiscoverable(values.AUTH_ISSUER) ? 'AUTH_ISSUER' : 'AUTH_JWKS_URL'
  for (const name of ['GENAUTH_URL', keysFrom] as const) {
    const url = values[name]
    if (url !== undefined && new URL(url).protocol === 'http:' && !isLoopback(new URL(url).hostname)) {
      faults.push(`${name}: must be https in production, unless the host is this machine itself`)
    }
  }
  const redis = values.REDIS_URL === undefined ? null : new URL(values.REDIS_URL)
  if (redis?.protocol === 'redis:' && !isLoopback(redis.hostname)) {
    faults.push('REDIS_URL: must be rediss:// in production, unless the host is this machine itself')
  }
}

function readRedis(values: Values, tlsFiles: TlsFiles): RedisConfig | null {
  const { REDIS_URL: url, REDIS_REPLICAS: replicas = null } = values
  if (url === undefined) return null
  return {
    url,
    keyPrefix: required(values.REDIS_KEY_PREFIX),
    replicas,
    timeoutMs: required(values.REDIS_TIMEOUT_MS),
    lostAfterTimeouts: required(values.REDIS_LOST_AFTER_TIMEOUTS),
    tlsFiles,
  }
}

function readRedisTlsFiles(env: Environment, values: Values, faults: string[]): TlsFiles {
  const files: TlsFiles = {
    certFile: values.REDIS_TLS_CERT_FILE ?? null,
    keyFile: values.REDIS_TLS_KEY_FILE ?? null,
    caFile: values.REDIS_TLS_CA_FILE ?? null,
  }
  const given = Object.values(REDIS_TLS_VARIABLES).filter(name => values[name] !== undefined)
  if (given.length === 0) return files
  const { REDIS_URL: url } = values
  if (!isGiven(env, 'REDIS_URL')) faults.push(`REDIS_URL: required with ${given.join(' and ')}`)
  else if (url !== undefined && new URL(url).protocol !== 'rediss:') {
    faults.push(`REDIS_URL: must be rediss:// with ${given.join(' and ')}`)
  }
  const { certFile, keyFile } = REDIS_TLS_VARIABLES
  if (files.certFile === null && files.keyFile !== null) faults.push(`${certFile}: required with ${keyFile}`)
  if (files.keyFile === null && files.certFile !== null) faults.push(`${keyFile}: required with ${certFile}`)
  const read = readTlsFiles(files)
  if (!read.ok) faults.push(`${REDIS_TLS_VARIABLES[read.file]}: ${read.fault}`)
  return files
}

function readStepUp(values: Values): PolicyConfig['stepUp'] {
  const maxAgeS = values.AUTH_STEP_UP_MAX_AGE_S
  if (maxAgeS === undefined) return null
  return { maxAgeS, acrValues: values.AUTH_STEP_UP_ACR ?? [], amrValues: values.AUTH_STEP_UP_AMR ?? [] }
}

/** Where callers have no limits at all, this one has to be asked for. */
function readRefusedRequests(values: Values): number | null {
  const { REFUSED_REQUESTS_PER_MINUTE: perMinute, RATE_LIMITS: rateLimits } = values
  return perMinute === undefined ? (rateLimits === null ? null : REFUSED_REQUESTS_PER_MINUTE) : perMinute
}

function readMetrics(values: Values): TelemetryConfig['metrics'] {
  if (values.METRICS_PORT === undefined) return null
  return { port: values.METRICS_PORT, host: required(values.METRICS_HOST) }
}

function readTenant(values: Values, faults: string[]): GenAuthConfig['tenant'] {
  const { GENAUTH_TENANT_ID: id, GENAUTH_TENANT_HEADER: header } = values
  if (id !== undefined && header !== undefined) return { id, header }
  if (id !== undefined) faults.push('GENAUTH_TENANT_HEADER: required with GENAUTH_TENANT_ID')
  if (header !== undefined) faults.push('GENAUTH_TENANT_ID: required with GENAUTH_TENANT_HEADER')
  return null
}

/** Variables with a default always have a value once there are no faults. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A variable with a default has no value')
  return value
}
