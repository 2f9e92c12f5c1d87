import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import { createAuthenticator } from './access/authenticator.ts'
import { createCallerHash } from './access/caller-hash.ts'
import { createRateLimits } from './access/rate-limits.ts'
import { systemClock } from './base/clock.ts'
import { createDeadline, within } from './base/deadline.ts'
import { readTextFile } from './base/read-text-file.ts'
import { type Schedule, scheduleByTimer } from './base/schedule.ts'
import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { createRereadSecrets } from './config/reread-secrets.ts'
import {
  createTrustedDocuments,
  ManifestError,
  parseManifest,
  printManifest,
  type TrustedDocuments,
} from './execution/trusted-documents.ts'
import { createGenAuthClient } from './genauth/client.ts'
import { createEventLoopLag, type EventLoopLag } from './http/event-loop-lag.ts'
import { namingListenFaults } from './http/listen-error.ts'
import type { PageSandbox } from './http/page/graphiql.ts'
import { startServer } from './http/server.ts'
import { toAuditKeyring } from './journal/audit-key.ts'
import { createJournal } from './journal/create-journal.ts'
import type { LockOwner } from './journal/files/lock-file.ts'
import { type Journal, UnknownAuditKeyError } from './journal/journal.ts'
import { createJournalGate } from './journal/journal-gate.ts'
import { createFollowUps, type FollowUps } from './journal/resolve/follow-ups.ts'
import { startRecovery } from './journal/resolve/recover.ts'
import { NO_SEALED_FAULTS } from './journal/verify/sealed-faults.ts'
import { createUserLocks } from './locks/user-locks.ts'
import { JournalUnavailableError } from './mfa/journal-port.ts'
import { createRevisions } from './mfa/revision.ts'
import { createMfaServices } from './mfa/services.ts'
import type { ReplicaSettings, ReplicaSharing, ReplicaSharingOptions } from './replicas.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { createSchema, printPublishedSdl } from './schema/index.ts'
import { printApiSdl } from './schema/sdl/api-sdl.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

/** What the process lends, since only `main.ts` and `cli/` touch it. */
export interface Host extends LockOwner {
  /** Resolves when the operating system has taken the lines. */
  readonly writeStdout: (lines: string) => Promise<void>
  /** Whether stdout was kept when the process started, and is not any more: its file was removed. */
  readonly isStdoutLost: () => boolean
  /** The configuration from the same environment, with what the files of secrets hold by now. */
  readonly reloadConfig: () => Config
  /** Called as soon as the server listens. Until `createApp` resolves, `/ready` says `JOURNAL`, and writes are refused. */
  readonly onListening?: (app: App) => void
  /** Aborted when the start is to be abandoned. After `onListening` that is what `close` does. */
  readonly stop?: AbortSignal
}

/** Parts that a test puts in the place of the real ones. */
export interface AppOverrides {
  /** Milliseconds since 1970, for what expires. */
  readonly now?: () => number
  /** For what waits between two attempts. */
  readonly sleep?: (ms: number) => Promise<void>
  readonly eventLoopLag?: EventLoopLag
  /** For what is done later in the background. */
  readonly schedule?: Schedule
}

/** The running product. `close` stops it in order: no new requests, the last answers, the journal, the upstream. */
export interface App extends AsyncDisposable {
  /** Where `/graphql` and `/health` are. */
  readonly url: string
  /** Where the embedded GenAuth stand-in listens; null when a real GenAuth is used. */
  readonly sandboxUrl: string | null
  /** Where `/metrics` is; null when there are none. */
  readonly metricsUrl: string | null
  /** Whether the journal waits for its disk, or did so when the process stopped. */
  isHeldUp(): boolean
  /** From now on `/ready` says no and each answer ends its connection; requests are still served until `close`. */
  stopReceiving(): void
  /**
   * Goes on with the issuer's keys and with what the files of secrets hold now, or says in the log why it does not.
   * Never throws.
   */
  rereadSecrets(): Promise<void>
  /** Seals the journal's open file and goes on in a new one, or says in the log why it does not. Never throws. */
  beginSegment(): Promise<void>
  close(): Promise<void>
}

/** A write may be carried out for this long after its answer was given up. */
const LATE_WRITE_MS = 5_000
/** The documents of thousands of pages. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024

/** How long a process that stops waits for a disk that hangs while the journal is being opened. */
const OPENING_WAIT_MS = 2_000

type Closer = () => Promise<void>

interface OpenedJournal {
  readonly journal: Journal
  readonly followUps: FollowUps
  close(): Promise<void>
}

/**
 * Puts the product together, each part once, in dependency order, and starts it. Resolves when writes can be made.
 *
 * The server listens before the journal is open, which may take long. What an earlier process left open in it is
 * concluded in the background; until then, changes of that user wait.
 *
 * A start that is abandoned closes what it has opened by then, and rejects.
 *
 * @throws ConfigError for trusted documents that cannot be used, ListenError, and what opening the journal throws, after
 * closing what was already started
 */
export async function createApp(
  config: Config,
  log: Logger,
  host: Host,
  overrides: AppOverrides = {},
): Promise<App> {
  const { genauth, access, guardRails, limits, federation, redis } = config
  const { now = Date.now, sleep = setTimeout, eventLoopLag = createEventLoopLag() } = overrides
  const { schedule = scheduleByTimer } = overrides
  const closers: Closer[] = [async () => eventLoopLag.close()]
  async function closeAll(): Promise<void> {
    for (const closer of closers.reverse()) await closer()
  }
  let closing: Promise<void> | null = null
  /** Told to stop while it fails to start, or the other way round, it waits for the same end. */
  const close = (): Promise<void> => {
    closing ??= closeAll()
    return closing
  }
  /** Between two steps, so that none leaves behind what it has half opened. */
  const goOnUnlessStopped = () => host.stop?.throwIfAborted()

  const foreign = 'a variable that programs share has a value of another one: it counts as unset here'
  for (const ignored of config.ignoredVariables) log.warn(ignored, foreign)

  const trustedDocuments = {
    documents: await loadTrustedDocuments(config),
    only: config.trustedDocuments.mode === 'only',
  }

  try {
    goOnUnlessStopped()
    const telemetry = await startTelemetry(config, log, closers)
    goOnUnlessStopped()
    const sandbox = genauth.access === null ? await startSandbox(config, closers) : null
    goOnUnlessStopped()
    const { url, ...accessKey } = genauth.access ?? toAccess(required(sandbox))
    const rereadSecrets = createRereadSecrets(host.reloadConfig, log)
    const hasSecretFiles = config.secretsFromFiles.length > 0

    const sharing = redis === null ? null : await shareWithReplicas(redis, genauth.maxRps, { sleep, log })
    if (sharing !== null) closers.push(() => sharing.close())
    goOnUnlessStopped()

    const genauthClient = createGenAuthClient({
      ...genauth,
      ...(sharing === null ? {} : { rateLimiter: sharing.rateLimiter }),
      url,
      accessKey,
      rereadKey: hasSecretFiles ? () => rereadSecrets()?.access ?? null : null,
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
    if (!guardRails.allowSelfWeakening) log.info(toCallerRule(access), 'who may weaken or redirect MFA')

    const { accessKeySecret } = accessKey
    const keys = toAuditKeyring({ auditKeys: config.journal.keys, accessKeySecret })
    const gate = createJournalGate()
    const revisions = createRevisions(toRevisionSecrets(config.journal.keys, accessKeySecret))
    const mfa = createMfaServices({
      upstreamFor,
      journal: telemetry?.observeJournal(gate) ?? gate,
      policy: guardRails,
      revisions,
      withUserLock: sharing?.withUserLock ?? createUserLocks(),
      now,
      sleep,
      ...(telemetry === null
        ? {}
        : { noteRefusal: telemetry.noteRefusal, noteUnsharedLock: telemetry.noteUnsharedLock }),
    })

    const stopping = new AbortController()
    let opened: OpenedJournal | null = null
    /** Lets nobody in before the users of open intents are locked. */
    async function openJournal(): Promise<OpenedJournal> {
      const target = toJournalTarget(config.journal, host)
      const journal = await createJournal({ target, keys, now, log, signal: stopping.signal })
      const followUps = createFollowUps({
        journal,
        upstreamFor,
        isRevisionOf: revisions.isRecordedRevisionOf,
        now,
        schedule,
        onFound: found => telemetry?.onFollowUp(found),
        log,
      })
      for (const intent of journal.inDoubt) followUps.add(intent)
      journal.onInDoubt(followUps.add)
      const recovery = startRecovery({
        journal,
        upstreamFor,
        isRevisionOf: revisions.isRecordedRevisionOf,
        withUserLock: mfa.withUserLock,
        concludeAfterMs: genauth.timeoutMs + LATE_WRITE_MS,
        isAlone: sharing === null,
        now,
        schedule,
        log,
      })
      gate.letIn(journal)
      async function close(): Promise<void> {
        recovery.close()
        followUps.close()
        await journal.close()
      }
      opened = { journal, followUps, close }
      return opened
    }

    const sealedFaults = () => opened?.journal.sealedFaults() ?? NO_SEALED_FAULTS
    let opening: Promise<OpenedJournal | null> = Promise.resolve(null)
    let isOpeningHeldUp = false
    closers.push(async () => {
      stopping.abort()
      const started = await within(
        createDeadline(OPENING_WAIT_MS, systemClock),
        opening.catch(() => null),
        () => 'HELD_UP' as const,
      )
      if (started === 'HELD_UP') {
        isOpeningHeldUp = true
        log.error('stopped before the disk let the audit journal be opened')
      } else await started?.close()
    })

    const { scopeNames } = access
    const schema = createSchema({ authDirectives: federation.authDirectives ? scopeNames : null, scopeNames })
    const sdl = config.server.introspection
      ? { subgraph: printPublishedSdl(schema), api: printApiSdl(schema) }
      : null
    const limitsOf = createRateLimits(limits.rateLimits, sharing?.createCounter)
    const starting = startServer({
      ...config.server,
      readyParts: {
        UPSTREAM_TOKEN: () => genauthClient.isReady(),
        JOURNAL: () => gate.isWritable(),
        ISSUER_KEYS: () => authenticator.isReady(),
      },
      isSharingLost: () => sharing?.state === 'LOCAL',
      isJournalUnverified: () => sealedFaults().unverified > 0,
      eventLoopLag,
      pageSandbox: access.issuer === null ? () => describeSandbox(required(sandbox)) : null,
      authenticator,
      callerHash: createCallerHash(config.journal.keys[0] ?? accessKeySecret),
      limitsOf: telemetry?.observeLimits(limitsOf) ?? limitsOf,
      refusedRequestsPerMinute: limits.refusedRequestsPerMinute,
      schema,
      sdl,
      trustedDocuments,
      mfa,
      entityIdType: federation.userIdType,
      observer: telemetry?.requestObserver ?? null,
      log,
    })
    const server = await namingListenFaults({ port: 'PORT', host: 'HOST' }, starting)
    closers.push(() => server.close())
    telemetry?.addReadings({
      upstream: genauthClient.readings,
      server: server.readings,
      eventLoopLag,
      followUps: {
        get pending() {
          return opened?.followUps.pending ?? 0
        },
      },
      sealedFaults,
      sharing,
    })

    async function useFreshKeys(): Promise<void> {
      if (await authenticator.reloadKeys()) log.info('keys of the issuer read again')
      else log.warn('told to read the keys of the issuer again, but it gave none')
    }

    async function useFreshSecrets(): Promise<void> {
      if (!hasSecretFiles) {
        log.warn('told to read secrets again, but none comes from a file: nothing changes')
        return
      }
      const fresh = rereadSecrets()
      if (fresh === null) return
      if (fresh.access !== null) await genauthClient.useKey(fresh.access)
      // Without an audit key of its own the journal keeps the key that it was opened with.
      if (fresh.journal.keys.length > 0) {
        const { journal } = required(await opening)
        await journal.useKeys(toAuditKeyring({ auditKeys: fresh.journal.keys, accessKeySecret }))
        revisions.useSecrets(toRevisionSecrets(fresh.journal.keys, accessKeySecret))
      }
      log.info({ from: config.secretsFromFiles }, 'secrets read again')
    }
    let rereading = Promise.resolve()

    const app: App = {
      url: server.url,
      sandboxUrl: sandbox?.url ?? null,
      metricsUrl: telemetry?.metricsUrl ?? null,
      isHeldUp: () => isOpeningHeldUp || (opened?.journal.isHeldUp() ?? false),
      stopReceiving: () => server.stopReceiving(),
      rereadSecrets() {
        rereading = rereading.then(useFreshSecrets).catch(error => log.error(...toKeptKey(error)))
        return Promise.all([rereading, useFreshKeys()]).then(() => {})
      },
      async beginSegment() {
        const started = await opening.catch(() => null)
        await started?.journal.beginSegment()
      },
      close,
      [Symbol.asyncDispose]: close,
    }
    goOnUnlessStopped()
    opening = openJournal()
    host.onListening?.(app)
    await opening
    return app
  } catch (error) {
    await close()
    throw error
  }
}

/** Said at the start, since a claim that no token holds refuses every change of this kind. */
function toCallerRule({ userIdClaim, clientTokens }: Config['access']): object {
  const marks = clientTokens.map(mark => (mark.kind === 'CLAIM' ? `${mark.name}=…` : 'sub-is-client'))
  return { onlyWithClaim: userIdClaim, orClientTokens: marks.length === 0 ? 'none' : marks }
}

/** Why the journal goes on under the key from before. */
function toKeptKey(error: unknown): [object, string] {
  if (error instanceof UnknownAuditKeyError) {
    const text = 'AUDIT_KEY: the key in force must stand in a line below the new one; it stays in force'
    return [{}, text]
  }
  if (error instanceof JournalUnavailableError) {
    return [{}, 'AUDIT_KEY: the change cannot be recorded; the key from before stays in force']
  }
  return [{ err: error }, 'secrets could not be taken over']
}

/** Revisions from a time without an audit key hold, too. */
function toRevisionSecrets(auditKeys: readonly string[], accessKeySecret: string): [string, ...string[]] {
  const [current, ...former] = auditKeys
  return current === undefined ? [accessKeySecret] : [current, ...former, accessKeySecret]
}

function toAccess({ url, accessKeyId, accessKeySecret }: Sandbox): NonNullable<Config['genauth']['access']> {
  return { url, accessKeyId, accessKeySecret }
}

function toJournalTarget(
  { log, segmentBytes }: Config['journal'],
  { writeStdout, isStdoutLost, pid, isAlive }: Host,
) {
  if (log === 'stdout') return { kind: 'stdout', write: writeStdout, isLost: isStdoutLost } as const
  return { kind: 'file', path: log, segmentBytes, pid, isAlive } as const
}

/** Where they are off there are none, every id is unknown, and nothing of them is loaded. */
async function loadTrustedDocuments({ trustedDocuments, server }: Config): Promise<TrustedDocuments> {
  const { mode, file } = trustedDocuments
  if (mode === 'off') return createTrustedDocuments([])
  const { readOperations } = await import('./http/page/read-operations.ts')
  const { PAGE_INTROSPECTION } = await import('./http/page/graphiql.ts')
  const ofPage = server.graphiql && server.introspection ? [PAGE_INTROSPECTION] : []
  try {
    const own = () => printManifest(readOperations().map(({ document }) => document))
    const read = file === null ? { text: own() } : readTextFile(file, MAX_MANIFEST_BYTES)
    if ('fault' in read) throw new ManifestError(read.fault)
    return createTrustedDocuments([...parseManifest(read.text), ...ofPage])
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    throw new ConfigError([`TRUSTED_DOCUMENTS_FILE: ${error.message}`])
  }
}

/** Loaded only when somebody wants to see something. */
async function startTelemetry(
  { telemetry, server }: Config,
  log: Logger,
  closers: Closer[],
): Promise<Telemetry | null> {
  if (telemetry.metrics === null && telemetry.traces === null) return null
  const { createTelemetry } = await import('./telemetry/telemetry.ts')
  const { keepAliveTimeoutMs } = server
  const starting = createTelemetry({ ...telemetry, keepAliveTimeoutMs, log })
  const started = await namingListenFaults({ port: 'METRICS_PORT', host: 'METRICS_HOST' }, starting)
  closers.push(() => started.close())
  return started
}

/** The stand-in is loaded only when it is used. */
async function startSandbox({ sandbox, genauth }: Config, closers: Closer[]): Promise<Sandbox> {
  const { startSandbox: start } = await import('./sandbox/sandbox.ts')
  const { headerPrefix, userPoolId } = genauth
  const { port, issuesTokens } = sandbox
  const starting = start({
    port,
    issuesTokens,
    headerPrefix,
    ...(userPoolId === null ? {} : { userPoolId }),
  })
  const started = await namingListenFaults({ port: 'SANDBOX_PORT', host: null }, starting)
  closers.push(() => started.close())
  return started
}

/** What speaks to Redis is loaded only when there is one. */
async function shareWithReplicas(
  redis: ReplicaSettings,
  maxRps: number,
  means: Pick<ReplicaSharingOptions, 'sleep' | 'log'>,
): Promise<ReplicaSharing> {
  const { shareWithReplicas: start } = await import('./replicas.ts')
  return start({ ...redis, maxRps, ...means })
}

/** The sandbox hands its tokens to whoever reaches it; the page is given one for each role. */
async function describeSandbox({ url, people }: Sandbox): Promise<PageSandbox> {
  const response = await fetch(`${url}/sandbox/tokens`)
  const tokens = z.record(z.string(), z.string()).parse(await response.json())
  return { tokens, users: people }
}

/** The configuration is refused where a part would be missing. */
function required<T>(part: T | null | undefined): T {
  if (part == null) throw new Error('The configuration leaves out a part')
  return part
}
