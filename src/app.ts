import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import { createAuthenticator } from './access/authenticator.ts'
import { createRateLimits } from './access/rate-limits.ts'
import { toAuditKey } from './audit/audit-key.ts'
import { createJournal, type JournalFileTarget } from './audit/journal.ts'
import { recoverIntents } from './audit/recover.ts'
import { type Config, ConfigError, type RedisConfig } from './config.ts'
import { createGenAuthClient } from './genauth/client.ts'
import { createMfaServices } from './mfa/services.ts'
import type { Sharing, SharingOptions } from './redis/sharing.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { createSchema, printPublishedSdl } from './schema/index.ts'
import { reportRootOutcomes } from './schema/root-outcomes.ts'
import { createLoopDelay, type LoopDelay } from './server/loop-delay.ts'
import { startServer } from './server/server.ts'
import {
  createTrustedDocuments,
  ManifestError,
  parseManifest,
  printManifest,
  type TrustedDocuments,
} from './server/trusted-documents.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

/** What the process lends, since only `main.ts` touches it. */
export interface Host extends Omit<JournalFileTarget, 'kind' | 'path'> {
  /** Resolves when the operating system has taken the lines. */
  readonly writeStdout: (lines: string) => Promise<void>
}

/** Parts that a test puts in the place of the real ones. */
export interface AppOverrides {
  /** Milliseconds since 1970, for what expires. */
  readonly now?: () => number
  /** For what waits between two attempts. */
  readonly sleep?: (ms: number) => Promise<void>
  readonly loopDelay?: LoopDelay
}

/** The running product. `close` stops it in order: no new requests, the last answers, the journal, the upstream. */
export interface App extends AsyncDisposable {
  /** Where `/graphql` and `/health` are. */
  readonly url: string
  /** Where the embedded GenAuth stand-in listens; null when a real GenAuth is used. */
  readonly sandboxUrl: string | null
  /** Where `/metrics` is; null when there are none. */
  readonly metricsUrl: string | null
  /** From now on `/ready` says no and each answer ends its connection; requests are still served until `close`. */
  stopReceiving(): void
  close(): Promise<void>
}

type Closer = () => Promise<void>

/**
 * Puts the product together, each part once, in dependency order, and starts it.
 *
 * What an earlier process left unsettled in the journal is settled before anything is served.
 *
 * @throws ConfigError for trusted documents or a port for metrics that cannot be used, what listening throws, as
 * `EADDRINUSE`, and what opening the journal throws, after closing what was already started
 */
export async function createApp(
  config: Config,
  log: Logger,
  host: Host,
  overrides: AppOverrides = {},
): Promise<App> {
  const { genauth, access, policy, audit, federation, redis } = config
  const { now = Date.now, sleep = setTimeout, loopDelay = createLoopDelay() } = overrides
  const closers: Closer[] = [async () => loopDelay.close()]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }

  const trustedDocuments = {
    documents: await loadTrustedDocuments(config),
    only: config.trustedDocuments.mode === 'only',
  }

  try {
    const telemetry = await startTelemetry(config, log, closers)

    const sandbox = genauth.access === null ? await startSandbox(config, closers) : null
    const { url, accessKeyId, accessKeySecret } = genauth.access ?? required(sandbox)

    const sharing = redis === null ? null : await startSharing(redis, genauth.maxRps, { sleep, log })
    if (sharing !== null) closers.push(() => sharing.close())

    const genauthClient = createGenAuthClient({
      ...genauth,
      ...(sharing === null ? {} : { pace: sharing.pace }),
      url,
      accessKeyId,
      accessKeySecret,
      now,
      sleep,
      log,
      observer: telemetry?.upstreamObserver ?? null,
    })
    closers.push(() => genauthClient.close())
    // Asking fetches a token, so that the first caller need not wait for it.
    genauthClient.isReady()
    const { upstreamFor } = genauthClient

    const issuer = access.issuer ?? required(sandbox?.issuer)
    const authenticator = createAuthenticator({ ...access, ...issuer, now, log })
    closers.push(() => authenticator.close())

    const key = toAuditKey({ auditKey: audit.key, accessKeySecret })
    const journal = await createJournal({ target: toJournalTarget(audit.log, host), key, now, log })
    closers.push(() => journal.close())

    const mfa = createMfaServices({
      upstreamFor,
      journal: telemetry?.observeJournal(journal) ?? journal,
      policy,
      accessKeySecret,
      ...(sharing === null ? {} : { withUserLock: sharing.withUserLock }),
      now,
      sleep,
    })
    await recoverIntents({ journal, upstreamFor, toRevision: mfa.toRevision, sleep, log })

    const schema = createSchema({ authDirectives: federation.authDirectives ? access.scopeNames : null })
    const sdl = config.server.introspection ? printPublishedSdl(schema) : null
    const limitsOf = createRateLimits(policy.rateLimits, sharing?.createCounter)
    const server = await startServer({
      ...config.server,
      readyParts: {
        UPSTREAM_TOKEN: () => genauthClient.isReady(),
        JOURNAL: () => journal.isWritable(),
        ISSUER_KEYS: () => authenticator.isReady(),
      },
      isSharingLost: () => sharing?.state === 'LOCAL',
      loopDelay,
      demoToken: access.issuer === null ? () => fetchAdminToken(required(sandbox)) : null,
      authenticator,
      limitsOf: telemetry?.observeLimits(limitsOf) ?? limitsOf,
      schema: telemetry === null ? schema : reportRootOutcomes(schema),
      sdl,
      trustedDocuments,
      mfa,
      entityIdType: federation.userIdType,
      observer: telemetry?.requestObserver ?? null,
      log,
    })
    closers.push(() => server.close())
    telemetry?.addReadings({
      upstream: genauthClient.readings,
      server: server.readings,
      loopDelay,
      sharing,
    })

    return {
      url: server.url,
      sandboxUrl: sandbox?.url ?? null,
      metricsUrl: telemetry?.metricsUrl ?? null,
      stopReceiving: () => server.stopReceiving(),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function toJournalTarget(log: string, { writeStdout, ...owner }: Host) {
  if (log === 'stdout') return { kind: 'stdout', write: writeStdout } as const
  return { kind: 'file', path: log, ...owner } as const
}

/** Where they are off there are none, every id is unknown, and nothing of them is loaded. */
async function loadTrustedDocuments({ trustedDocuments, server }: Config): Promise<TrustedDocuments> {
  const { mode, file } = trustedDocuments
  if (mode === 'off') return createTrustedDocuments([])
  const { OPERATIONS } = await import('./server/operations.ts')
  const { PAGE_INTROSPECTION } = await import('./server/graphiql.ts')
  const ofPage = server.graphiql && server.introspection ? [PAGE_INTROSPECTION] : []
  try {
    const own = () => printManifest(OPERATIONS.map(({ document }) => document))
    const manifest = file === null ? own() : await readFile(file, 'utf8')
    return createTrustedDocuments([...parseManifest(manifest), ...ofPage])
  } catch (error) {
    const fault = error instanceof ManifestError ? error.message : 'cannot be read'
    throw new ConfigError([`TRUSTED_DOCUMENTS_FILE: ${fault}`])
  }
}

/** Loaded only when somebody wants to see something. */
async function startTelemetry(
  { telemetry }: Config,
  log: Logger,
  closers: Closer[],
): Promise<Telemetry | null> {
  if (telemetry.metrics === null && telemetry.traces === null) return null
  const { createTelemetry } = await import('./telemetry/telemetry.ts')
  const started = await createTelemetry({ ...telemetry, log })
  closers.push(() => started.close())
  return started
}

/** The stand-in is loaded only when it is used. */
async function startSandbox({ sandbox, genauth }: Config, closers: Closer[]): Promise<Sandbox> {
  const { startSandbox: start } = await import('./sandbox/sandbox.ts')
  const { headerPrefix, userPoolId } = genauth
  const { port, issuesTokens } = sandbox
  const started = await start({
    port,
    issuesTokens,
    headerPrefix,
    ...(userPoolId === null ? {} : { userPoolId }),
  })
  closers.push(() => started.close())
  return started
}

/** What speaks to Redis is loaded only when there is one. */
async function startSharing(
  redis: RedisConfig,
  maxRps: number,
  means: Pick<SharingOptions, 'sleep' | 'log'>,
): Promise<Sharing> {
  const { startSharing: start } = await import('./redis/sharing.ts')
  return start({ ...redis, maxRps, ...means })
}

/** The sandbox hands its demo tokens to whoever reaches it; the page is given the one that may do everything. */
async function fetchAdminToken({ url }: Sandbox): Promise<string> {
  const response = await fetch(`${url}/sandbox/tokens`)
  return z.object({ admin: z.string() }).parse(await response.json()).admin
}

/** The configuration is refused where a part would be missing. */
function required<T>(part: T | null | undefined): T {
  if (part == null) throw new Error('The configuration leaves out a part')
  return part
}
