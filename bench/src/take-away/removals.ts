import type { Evidence } from '../harness/running-subject.ts'

/** A part that can be taken away from this server. */
export interface Removal {
  /** The part, in words. */
  readonly title: string
  /** Variables that switch it off. */
  readonly env?: Readonly<Record<string, string>>
  /** Files of the build, each with the script of `removed/` whose exports stand in for some of its own. */
  readonly files?: Readonly<Record<string, string>>
  /** The evidence of duties that goes with it. */
  readonly silences?: readonly (keyof Evidence)[]
}

export const REMOVALS = {
  metrics: { title: 'metrics', env: { METRICS_PORT: '' }, silences: ['metrics'] },
  log: { title: 'log', env: { LOG_LEVEL: 'silent' }, silences: ['requestLog'] },
  limits: {
    title: 'limits of callers, of refused requests, their headers',
    env: { RATE_LIMITS: 'off', REFUSED_REQUESTS_PER_MINUTE: 'off' },
  },
  tokens: { title: 'tokens', files: { 'access/authenticator.js': 'tokens' } },
  journal: {
    title: 'journal: two chained, signed, synced records',
    files: { 'journal/background-journal.js': 'journal' },
    silences: ['journalFolder'],
  },
  revisions: { title: 'keyed hash of the state', files: { 'mfa/revision.js': 'revisions' } },
  records: {
    title: 'the intent, its outcome, reconciling (and the journal, if it is there)',
    files: { 'mfa/write.js': 'records' },
    silences: ['journalFolder'],
  },
  userLocks: { title: 'lock of the user', files: { 'locks/user-locks.js': 'user-locks' } },
  guardRails: { title: 'guard rails', files: { 'mfa/check-guard-rails.js': 'guard-rails' } },
  contacts: { title: 'reading of phones and addresses', files: { 'mfa/contacts.js': 'contacts' } },
  scopeChecks: {
    title: 'check of scopes at each field',
    files: { 'schema/transforms/guard.js': 'scope-checks' },
  },
  edge: {
    title: 'request handler: ids, headers, routes, CORS (and the log)',
    files: { 'http/request-handler.js': 'edge' },
    silences: ['requestLog'],
  },
  yoga: { title: "Yoga's pipeline", files: { 'http/graphql-over-http.js': 'yoga' } },
  loadShedding: {
    title: 'load shedding',
    files: { 'http/load-shedding.js': 'load-shedding', 'http/in-flight-requests.js': 'in-flight' },
  },
  strictJson: { title: 'strictness of JSON, in and out', files: { 'base/parse-json.js': 'strict-json' } },
  documentLimits: {
    title: 'limits of documents',
    files: { 'execution/document-limits.js': 'document-limits' },
  },
  throttle: { title: 'throttle', files: { 'throttle/throttle.js': 'throttle' } },
  bulkhead: { title: 'bulkheads', files: { 'genauth/bulkhead.js': 'bulkhead' } },
  breaker: { title: 'circuit breakers', files: { 'genauth/circuit-breaker.js': 'breaker' } },
  retry: { title: 'retries', files: { 'genauth/retry.js': 'retry' } },
  timers: { title: 'timers of deadlines', files: { 'base/clock.js': 'timers' } },
  envelope: { title: 'zod: envelope', files: { 'genauth/envelope.js': 'envelope' } },
  replyData: { title: 'zod: data', files: { 'genauth/endpoints/mfa-status.js': 'reply-data' } },
  judging: { title: 'judging of replies', files: { 'genauth/classify.js': 'judging' } },
  ownConnections: {
    title: 'a connection of its own for each write',
    files: { 'genauth/transport.js': 'own-connections' },
  },
} as const satisfies Readonly<Record<string, Removal>>

/** The order in which they are taken away. */
export const ALL_REMOVALS: readonly Removal[] = Object.values(REMOVALS)

/** This server's parts without its safeguards: the request handler, GraphQL and the upstream client are left. */
export const FEATURES_OFF: readonly Removal[] = [
  REMOVALS.metrics,
  REMOVALS.log,
  REMOVALS.limits,
  REMOVALS.tokens,
  REMOVALS.journal,
]
