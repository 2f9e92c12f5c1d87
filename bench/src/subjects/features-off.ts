/**
 * This server's own parts without its safeguards. Every caller is known and unlimited, nothing is recorded, nothing is
 * logged. It is for comparison alone, and leaves the request handler, GraphQL and the upstream client.
 */

type Part = (...args: readonly unknown[]) => unknown
type Module = Readonly<Record<string, Part>>

const DIST = '../../../dist'

/** The parts are loaded as built, so that server and harness share no compilation. */
async function load(path: string): Promise<Module> {
  return import(new URL(`${DIST}/${path}`, import.meta.url).href)
}

function part(module: Module, name: string): Part {
  const found = module[name]
  if (found === undefined) throw new Error(`This server no longer has ${name}`)
  return found
}

const CALLER = {
  issuer: 'bench',
  subject: 'bench',
  client: null,
  isClient: false,
  scopes: new Set(['READ', 'WRITE']),
  scopeNames: [],
  genauthId: null,
  authTimeS: null,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  acr: null,
  amr: [],
}

const config = {
  url: process.env['UPSTREAM_URL'],
  accessKey: { accessKeyId: 'bench-key-id', accessKeySecret: 'bench-key-secret' },
  rereadKey: null,
  auth: 'token',
  userPoolId: null,
  headerPrefix: 'x-authing-',
  signatureScheme: 'authing',
  tenant: null,
  timeoutMs: 5_000,
  maxRps: 100_000,
}
const policy = { allowSelfWeakening: true, stepUp: null, requireReason: 'off', sharedLockFor: 'off' }

const { NO_PROTECTED_USERS: protectedUsers } = await load('mfa/protected-users.js')
const { NO_LIMITS: limits } = await load('mfa/caller-limits.js')
const schema = part(await load('schema/index.js'), 'createSchema')()
const documents = part(await load('execution/trusted-documents.js'), 'createTrustedDocuments')([])
const { systemClock: clock } = await load('base/clock.js')
const events = { emit() {}, isHeard: () => false }
const observer = { events, tracer: null, clock }
const log = part(await load('log.js'), 'createLog')('silent')
const { upstreamFor } = part(
  await load('genauth/client.js'),
  'createGenAuthClient',
)({ ...config, observer, clock, log }) as { readonly upstreamFor: Part }
const mfa = part(
  await load('mfa/mfa-service.js'),
  'createMfaService',
)({
  upstreamFor,
  journal: {
    refuseUnlessOpen() {},
    begin: async () => async () => {},
    isContested: () => false,
    recordProbe: async () => {},
  },
  policy,
  protectedUsers,
  withUserLock: part(await load('locks/user-locks.js'), 'createUserLocks')(),
  revisions: part(await load('mfa/revision.js'), 'createRevisions')(['bench-key-secret']),
  limitsOf: () => limits,
  entityIdType: 'USER_ID',
  clock,
  events,
})
await part(
  await load('http/server.js'),
  'startServer',
)({
  port: Number(process.env['PORT']),
  host: '127.0.0.1',
  graphiql: false,
  introspection: false,
  corsOrigins: [],
  requestDeadlineMs: 10_000,
  keepAliveTimeoutMs: 620_000,
  trustedProxies: { kind: 'NONE' },
  callerHash: () => '',
  readyParts: {},
  isSharingLost: () => false,
  isJournalUnverified: () => false,
  observer,
  eventLoopLag: { delayMs: 0, close() {} },
  sdl: null,
  trustedDocuments: { documents, only: false },
  pageSandbox: null,
  authenticator: { authenticate: async () => ({ kind: 'CALLER', caller: CALLER }), isReady: () => true },
  refusedRequestsPerMinute: null,
  limitsOf: () => limits,
  schema,
  mfa,
  clock,
  log,
})
