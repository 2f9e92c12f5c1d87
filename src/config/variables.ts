import { z } from 'zod'
import { type ClientTokenMark, parseClientTokenMark } from '../access/client-tokens.ts'
import type { RateLimits } from '../access/rate-limits.ts'
import { parseTrustedProxies, type TrustedProxies } from '../http/client-address/trusted-proxies.ts'
import { LOG_LEVELS } from '../log.ts'
import { SHARED_LOCK_DEMANDS } from '../mfa/shared-lock.ts'
import { ENTITY_ID_TYPES } from '../mfa/user-ref.ts'
import { OTEL_VARIABLES } from './otel-variables.ts'
import { type Variable, variable } from './variable.ts'

/** No other word is one, since whoever misspells production would be given the sandbox and its tokens. */
const MODES = ['production', 'development', 'test'] as const

const MAX_TIMEOUT_MS = 60_000
/** A connection on which nothing has come for longer is closed. */
const MAX_REDIS_TIMEOUT_MS = 2_000

const port = wholeNumber(0, 65_535)
const word = z.string('must be text')
/** A word alone is most likely meant as something else (`STDOUT`, `stderr`, `-`, `none`), and would become a file. */
const journal = z
  .string()
  .regex(
    /^(stdout|(?!\s)(?=.*[./]).*\S)$/s,
    'must be stdout, or the path of a file with a slash or a dot in it',
  )
const headerName = z.string().regex(/^[a-z0-9-]+$/, 'must be a lower-case header name')
/** Headers that decide how a request is sent, or who sends it. */
const RESERVED_HEADERS =
  /^(host|connection|content-.*|transfer-encoding|accept-encoding|authorization|date|expect|te|trailer|upgrade)$/
const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform(value => value === 'on')

/** Every variable that is read. The table of `docs/configuration.md` is compared with this one by a test. */
export const VARIABLES = {
  PORT: variable('Port of the GraphQL server.', '4000', port, isServiceLink),
  HOST: variable(
    'Address to listen on.',
    '127.0.0.1',
    word.refine(text => !isMachineType(text), 'must be an address of this machine'),
    isMachineType,
  ),
  LOG_LEVEL: variable(
    'One of fatal, error, warn, info, debug, silent.',
    'info',
    z
      .string()
      .toLowerCase()
      .pipe(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)),
    isOtherLogLevel,
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
  GENAUTH_ACCESS_KEY_ID_FILE: variable('File that holds it, in its place.', null, word),
  GENAUTH_ACCESS_KEY_SECRET: variable('Secret of the access key.', null, word),
  GENAUTH_ACCESS_KEY_SECRET_FILE: variable(
    'File that holds it, in its place; needs an AUDIT_KEY. Read again on SIGHUP and when GenAuth refuses the key.',
    null,
    word,
  ),
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
    'Longest wait for one attempt at a call to GenAuth, in milliseconds.',
    '5000',
    wholeNumber(1, MAX_TIMEOUT_MS),
  ),
  GENAUTH_MAX_RPS: variable(
    'Requests that GenAuth allows the user pool in a second; calls wait for their turn.',
    '300',
    wholeNumber(1, 100_000),
  ),
  REQUEST_DEADLINE_MS: variable(
    'Longest time for one operation, in milliseconds; a request may ask for less with `x-request-deadline-ms`.',
    '10000',
    wholeNumber(1_500, 600_000),
  ),
  SHUTDOWN_DELAY_MS: variable(
    'Time between SIGTERM and the last new connection, in milliseconds; requests are still served. Two probe periods of a load balancer.',
    '0',
    wholeNumber(0, 300_000),
  ),
  KEEP_ALIVE_TIMEOUT_MS: variable(
    'How long an idle connection is kept, in milliseconds: longer than your load balancer keeps its own. 620 s outlast the 600 s of Google Cloud.',
    '620000',
    wholeNumber(1_000, 3_600_000),
  ),
  TRUST_PROXY: variable(
    "Proxies in front of the server that are believed about the client's address: their number, or addresses, networks (`10.0.0.0/8`) and `loopback`, `linklocal`, `uniquelocal`, separated by commas. Unset: none.",
    null,
    trustedProxies(),
  ),
  CORS_ORIGINS: variable(
    'Origins whose pages may read answers, separated by commas. Unset: none.',
    null,
    list(z.string().refine(isOrigin, 'must be origins such as https://console.example.com')),
  ),
  AUTH_JWKS_URL: variable(
    "Where callers' tokens have their keys. Unset: where the document of AUTH_ISSUER says (discovery). With none of the three, on the embedded sandbox: the sandbox's own issuer.",
    null,
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  ),
  AUTH_JWKS_MAX_AGE_S: variable(
    "Seconds that the issuer's keys are used before it is asked for them again; its `cache-control` can make it less, down to 30.",
    '300',
    wholeNumber(1, 86_400),
  ),
  AUTH_JWKS_MAX_STALE_S: variable(
    'Seconds that keys are used after the issuer last gave them, while it cannot be asked.',
    '43200',
    wholeNumber(1, 604_800),
  ),
  AUTH_ISSUER: variable(
    "The `iss` that callers' tokens must have, exactly. Set with AUTH_AUDIENCE.",
    null,
    word,
  ),
  AUTH_AUDIENCE: variable("The `aud` that callers' tokens must name.", null, word),
  AUTH_AUDIENCE_CLAIM: variable(
    'Claim that names it, for issuers whose tokens have no `aud`. One within another: `a.b` or `/a/b`.',
    'aud',
    word,
  ),
  AUTH_TOKEN_TYPE: variable('The `typ` that tokens must have, as at+jwt. Unset: any.', null, word),
  AUTH_SCOPE_CLAIM: variable(
    'Claims that hold scopes or roles, separated by commas; taken together. One within another: `a.b` or `/a/b`.',
    'scope,scp,permissions',
    list(z.string().min(1, 'must be names of claims, separated by commas')),
  ),
  AUTH_READ_SCOPE: variable('Scope that allows to read.', 'mfa:read', headerValue()),
  AUTH_WRITE_SCOPE: variable('Scope that allows to set, and to read.', 'mfa:write', headerValue()),
  AUTH_USER_ID_CLAIM: variable("Claim that holds the caller's own GenAuth id.", 'sub', word),
  AUTH_CLIENT_TOKENS: variable(
    'How tokens of clients are known, which need not hold that claim: `sub-is-client`, or `claim=value`, separated by commas. Unset: none is.',
    null,
    clientTokens(),
  ),
  AUTH_STEP_UP_MAX_AGE_S: variable(
    'Weakening or redirecting MFA needs an `auth_time` at most this many seconds ago. Unset: it does not.',
    null,
    wholeNumber(1, 86_400),
  ),
  AUTH_STEP_UP_ACR: variable(
    'With the former: one of these `acr` values, separated by commas.',
    null,
    list(word),
  ),
  AUTH_STEP_UP_AMR: variable(
    'With the former: one of these `amr` values, separated by commas.',
    null,
    list(word),
  ),
  ALLOW_SELF_WEAKENING: variable(
    'Whether callers may weaken or redirect their own MFA: on or off.',
    'off',
    onOrOff,
  ),
  REQUIRE_REASON: variable(
    'When a set must give a reason: off, weakening (or redirecting) or always.',
    'off',
    z.enum(['off', 'weakening', 'always'], 'must be off, weakening or always'),
  ),
  RATE_LIMITS: variable(
    'Limits for each caller and minute: off, or the four as in the default.',
    'reads=600,writes=120,weakenings=60,misses=60',
    rateLimits(),
  ),
  REFUSED_REQUESTS_PER_MINUTE: variable(
    'Requests of one caller whose body, document or variables may be refused in a minute; over that all its requests are answered 429. A number, or off. Unset: 300, or off if `RATE_LIMITS` is off.',
    null,
    numberOrOff(1, 1_000_000),
  ),
  AUDIT_LOG: variable(
    'Where every write is recorded: a file, or stdout. Unset: stdout; production must say.',
    null,
    journal,
  ),
  AUDIT_SEGMENT_BYTES: variable(
    'Size at which the file of AUDIT_LOG is sealed and another begins. A start reads one of them, about 40 MB a second.',
    '16777216',
    wholeNumber(65_536, 1_073_741_824),
  ),
  AUDIT_KEY: variable(
    "Secret that keys the journal and revisions, at least 16 characters; former ones in lines below it. Unset: the access key's secret.",
    null,
    auditKeys(),
  ),
  AUDIT_KEY_FILE: variable('File that holds it, in its place. Read again on SIGHUP.', null, word),
  FEDERATION_USER_ID_TYPE: variable(
    'What kind of id `User.id` is in the supergraph: USER_ID, EXTERNAL_ID or USERNAME.',
    'USER_ID',
    z.enum(ENTITY_ID_TYPES, `must be one of ${ENTITY_ID_TYPES.join(', ')}`),
  ),
  FEDERATION_AUTH_DIRECTIVES: variable(
    'Whether the published SDL carries `@requiresScopes`, for gateways that heed it: on or off. Scopes are checked either way.',
    'off',
    onOrOff,
  ),
  TRUSTED_DOCUMENTS: variable(
    'Documents named by the SHA-256 of their text: off, prefer (beside any other) or only (and no other).',
    'off',
    z.enum(['off', 'prefer', 'only'], 'must be off, prefer or only'),
  ),
  TRUSTED_DOCUMENTS_FILE: variable(
    'Manifest of them, as `genauth-graphql trusted-documents` prints it. Unset: those of `operations/`.',
    null,
    word,
  ),
  METRICS_PORT: variable(
    'Port of `/metrics`, for Prometheus, open to whoever reaches it. Unset: there are none.',
    null,
    port,
    isServiceLink,
  ),
  METRICS_HOST: variable('Address of that port.', '127.0.0.1', word),
  ...OTEL_VARIABLES,
  REDIS_URL: variable(
    'Redis 7 or Valkey through which replicas share the budget, the limits and the locks: redis:// or rediss://. Unset: nothing is shared.',
    null,
    redisUrl(),
  ),
  REDIS_URL_FILE: variable('File that holds it, in its place. Read at the start alone.', null, word),
  REDIS_KEY_PREFIX: variable(
    'With REDIS_URL: how the names of its keys begin. Replicas of one user pool have the same one.',
    'genauth-graphql',
    z.string().regex(/^[\w:.-]{1,100}$/, 'must be letters, digits, and any of _ : . -'),
  ),
  REDIS_REPLICAS: variable(
    'With REDIS_URL: how many replicas there are at least, for the share of each while Redis is lost. Unset: as many as were last seen, or four where none was.',
    null,
    wholeNumber(1, 1_000),
  ),
  REDIS_REQUIRED_FOR: variable(
    'With REDIS_URL: changes that are refused while their lock is not shared, as while Redis is lost: off (none), weakening (those with an effect) or writes (all).',
    'off',
    z.enum(SHARED_LOCK_DEMANDS, 'must be off, weakening or writes'),
  ),
  REDIS_TIMEOUT_MS: variable(
    'Longest wait for one answer of Redis, in milliseconds. What takes longer is done without Redis.',
    '100',
    wholeNumber(10, MAX_REDIS_TIMEOUT_MS),
  ),
  REDIS_LOST_AFTER_TIMEOUTS: variable(
    'How many answers of Redis in a row must take longer than that before it counts as lost.',
    '3',
    wholeNumber(1, 20),
  ),
  REDIS_TLS_CERT_FILE: variable(
    'With a rediss:// URL: PEM file of the certificate that Redis is shown. Needs the next one. Read for each connection.',
    null,
    word,
  ),
  REDIS_TLS_KEY_FILE: variable('PEM file of its private key, without a passphrase.', null, word),
  REDIS_TLS_CA_FILE: variable(
    "With a rediss:// URL: PEM file of the authorities that may have signed Redis's certificate, in place of those that Node trusts.",
    null,
    word,
  ),
  SANDBOX_PORT: variable('Port of the sandbox, on 127.0.0.1.', '4010', port, isServiceLink),
  SANDBOX: variable(
    '1 allows the sandbox when NODE_ENV is production.',
    null,
    z.literal('1', 'must be 1 or unset'),
  ),
  NODE_ENV: variable(
    'production, development, test or unset. production turns GraphiQL and introspection off, and asks for an access key, AUTH_ and AUDIT_LOG; the others are alike.',
    null,
    z.enum(MODES, `must be exactly one of ${MODES.join(', ')}, or unset`),
  ),
} satisfies Record<string, Variable<unknown>>

/** Kubernetes gives a pod `METRICS_PORT=tcp://…` for a Service named `metrics`, and so did Docker's links. */
function isServiceLink(text: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//i.test(text)
}

/** Programs that share the variable have other levels. */
function isOtherLogLevel(text: string): boolean {
  return /^(?:all|trace|verbose|notice|warning|err|crit|critical|alert|emerg|none|off|\d{1,3})$/i.test(text)
}

/** Compilers' environments name the machine that they build for, as `x86_64-conda-linux-gnu`. */
function isMachineType(text: string): boolean {
  return /^[a-z\d_]+-(?:apple|conda|pc|unknown)-[a-z]/i.test(text)
}

function wholeNumber(min: number, max: number): z.ZodType<number> {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine(value => value >= min && value <= max, error)
}

function numberOrOff(min: number, max: number): z.ZodType<number | null> {
  const error = `must be off or a whole number from ${min} to ${max}`
  const number = wholeNumber(min, max)
  return z.string().transform((text, context) => {
    if (text === 'off') return null
    const parsed = number.safeParse(text)
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: error })
    return z.NEVER
  })
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

function redisUrl(): z.ZodType<string> {
  return z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .refine(isRedisAddress, 'must be host and port, with or without user, password and number of a database')
}

/** True, too, for what the rule before this one has already refused. */
function isRedisAddress(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { hostname, username, password, pathname, search, hash } = new URL(text)
  const isDecodable = !/%(?![\da-f]{2})/i.test(username + password)
  return hostname !== '' && isDecodable && /^\/?\d{0,4}$/.test(pathname) && search + hash === ''
}

/** Values separated by commas; blanks around them do not count. */
function list(item: z.ZodType<string, string>): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform(text => text.split(',').map(part => part.trim()))
    .pipe(z.array(item))
}

function trustedProxies(): z.ZodType<TrustedProxies> {
  return z.string().transform((text, context) => {
    const proxies = parseTrustedProxies(text)
    if (proxies !== null) return proxies
    context.addIssue({ code: 'custom', message: 'must be a number up to 16, or addresses and networks' })
    return z.NEVER
  })
}

function clientTokens(): z.ZodType<readonly ClientTokenMark[]> {
  return z.string().transform((text, context) => {
    const marks = text.split(',').map(part => parseClientTokenMark(part.trim()))
    const known = marks.filter(mark => mark !== null)
    if (known.length === marks.length) return known
    context.addIssue({ code: 'custom', message: 'must be sub-is-client or claim=value, separated by commas' })
    return z.NEVER
  })
}

/** The one in force first. Empty lines do not count. */
function auditKeys(): z.ZodType<readonly string[]> {
  const key = z.string().min(16, 'must have at least 16 characters in each line')
  return z
    .string()
    .transform(text => text.split(/[\r\n]+/).filter(line => line !== ''))
    .pipe(z.array(key).min(1, 'must have at least 16 characters in each line'))
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
}

function rateLimits(): z.ZodType<RateLimits | null> {
  const error = 'must be off, or reads=N,writes=N,weakenings=N,misses=N with whole numbers from 1'
  return z.string().transform((text, context) => {
    if (text === 'off') return null
    const [, reads, writes, weakenings, misses] =
      /^reads=(\d{1,7}),writes=(\d{1,7}),weakenings=(\d{1,7}),misses=(\d{1,7})$/.exec(text) ?? []
    const limits = {
      reads: Number(reads),
      writes: Number(writes),
      weakenings: Number(weakenings),
      misses: Number(misses),
    }
    if (Object.values(limits).every(limit => limit >= 1)) return limits
    context.addIssue({ code: 'custom', message: error })
    return z.NEVER
  })
}
