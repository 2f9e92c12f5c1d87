import type { Logger } from 'pino'
import { createAuthenticator, type TokenIssuer } from './access/authenticator.ts'
import { createCallerHash } from './access/caller-hash.ts'
import { createCountersHere, createRateLimits } from './access/rate-limits.ts'
import type { AppEvents } from './app-events.ts'
import { systemClock } from './base/clock.ts'
import { Closers } from './base/closers.ts'
import { Events } from './base/events.ts'
import { required } from './base/required.ts'
import type { Config } from './config/config.ts'
import { loadTrustedDocuments } from './config/load-trusted-documents.ts'
import { logConfig } from './config/log-config.ts'
import { createRereadSecrets } from './config/reread-secrets.ts'
import { createCountUnboundUsers } from './coverage/count-unbound-users.ts'
import { createFindPeople } from './coverage/find-people.ts'
import { createHistoryService } from './history/history-service.ts'
import type { App, AppOverrides, Host } from './host.ts'
import type { ConsoleSignIn } from './http/console/serve-console.ts'
import { createEventLoopLag } from './http/event-loop-lag.ts'
import { namingListenFaults } from './http/listen-error.ts'
import { fetchPageSandbox } from './http/page/fetch-page-sandbox.ts'
import { startServer } from './http/server.ts'
import { toAuditKeyring } from './journal/audit-key.ts'
import { BackgroundJournal } from './journal/background-journal.ts'
import { toJournalTarget } from './journal/journal-target.ts'
import { createChangeSeal } from './live/change-seal.ts'
import { createLive } from './live/live.ts'
import { createScanWatch } from './live/scan-watch.ts'
import type { ShareChangesOptions, SharedChanges } from './live/share-changes.ts'
import { startFeed } from './live/start-feed.ts'
import { createUserLocks } from './locks/user-locks.ts'
import { createMfaService } from './mfa/mfa-service.ts'
import { createRevisions, toRevisionSecrets } from './mfa/revision.ts'
import { createForecastService } from './policy/forecast-service.ts'
import { createPolicyService } from './policy/policy-service.ts'
import { protectUsers } from './protect-users.ts'
import { createRotateSecrets } from './rotate-secrets.ts'
import { createSchema } from './schema/index.ts'
import { printSdls } from './schema/sdl/print-sdls.ts'
import type { Coverage, CoverageOptions } from './start-coverage.ts'
import type { History, HistoryOptions } from './start-history.ts'
import { startUpstream } from './start-upstream.ts'
import { startStore } from './store/start-store.ts'
import { startTelemetry } from './telemetry/start-telemetry.ts'

/**
 * Puts the product together, each part once, in the order of their dependencies, and starts it. Resolves when writes
 * can be made.
 *
 * The server listens before the journal is open, because opening it may take long. The journal concludes in the
 * background the writes that an earlier process left open. Until then, changes of their users wait.
 *
 * If the start is stopped, it closes everything that it has opened so far, and rejects.
 *
 * @throws ConfigError for trusted documents that cannot be used, ListenError, and the errors of opening the journal,
 * after closing everything that was started
 */
export function createApp(
  config: Config,
  log: Logger,
  host: Host,
  overrides: AppOverrides = {},
): Promise<App> {
  return Closers.whileStarting(async closers => {
    const { server, genauth, access, guardRails, limits, federation } = config
    const { clock = systemClock, backgroundClock = clock } = overrides
    /** Called between two steps, so that each step is either done or not begun. */
    const goOnUnlessStopped = () => host.stop?.throwIfAborted()
    const eventLoopLag = closers.add(overrides.eventLoopLag ?? createEventLoopLag(clock))
    const events = new Events<AppEvents>()

    logConfig(config, log)
    const trustedDocuments = await loadTrustedDocuments(config)
    goOnUnlessStopped()
    const { keepAliveTimeoutMs } = server
    const telemetry = closers.add(
      await startTelemetry({ ...config.telemetry, keepAliveTimeoutMs, events, clock, log }),
    )
    const observer = { events, tracer: telemetry?.tracer ?? null, clock }
    goOnUnlessStopped()

    const rereadSecrets = createRereadSecrets(config, host.reloadConfig, log)
    const upstream = await startUpstream({ config, rereadSecrets, closers, goOnUnlessStopped, observer, log })
    const { genauthClient, accessKeySecret, sandbox, replicas } = upstream
    const { upstreamFor } = genauthClient
    const isAlone = config.redis === null
    const { userPoolId } = genauthClient
    const store = closers.add(await startStore({ target: config.store, isAlone, userPoolId, clock, log }))
    goOnUnlessStopped()
    const issuer = access.issuer ?? required(required(sandbox).issuer)
    const authenticator = closers.add(createAuthenticator({ ...access, ...issuer, clock, log }))

    const secrets = { auditKeys: config.journal.keys, accessKeySecret }
    const revisions = createRevisions(toRevisionSecrets(secrets))
    const withUserLock = replicas?.withUserLock ?? createUserLocks()
    const target = toJournalTarget(config.journal, host, store && { chains: store.chains, isAlone })
    const keys = toAuditKeyring(secrets)
    const historyParts = { target, keys, days: config.history.days, clock, log }
    const history = closers.add(store && (await beginHistory({ ...historyParts, store })))
    const journal = closers.add(
      new BackgroundJournal({
        target,
        keys,
        upstreamFor,
        upstreamTimeoutMs: genauth.timeoutMs,
        isRevisionOf: revisions.isRecordedRevisionOf,
        withUserLock,
        isAlone: replicas === null,
        events,
        clock,
        backgroundClock,
        log,
      }),
    )
    history?.follow(journal)
    const feed = startFeed({ events, journal, clock })
    const changeSeal = createChangeSeal(toRevisionSecrets(secrets))
    const sharedChanges = closers.add(
      config.redis && (await startSharing({ ...config.redis, feed, seal: changeSeal, clock, log })),
    )
    const createCounter = replicas?.createCounter ?? createCountersHere(clock)
    const limitsOf = createRateLimits(limits.rateLimits, createCounter, events)
    const protectedUsers = protectUsers({ ...config.protection, upstreamFor, clock, log })
    const mfa = createMfaService({
      upstreamFor,
      journal,
      policy: guardRails,
      protectedUsers,
      revisions,
      withUserLock,
      limitsOf,
      entityIdType: federation.userIdType,
      clock,
      events,
    })
    const scanParts = { upstreamFor, journal, limitsOf, clock, log }
    const coverage = closers.add(store && (await startScans({ ...scanParts, config, store })))
    const schema = createSchema({ ...federation, scopeNames: access.scopeNames })
    const starting = startServer({
      ...server,
      readyParts: {
        UPSTREAM_TOKEN: () => genauthClient.isReady(),
        JOURNAL: () => journal.isWritable(),
        ISSUER_KEYS: () => authenticator.isReady(),
      },
      isSharingLost: () => replicas?.state === 'LOCAL',
      isJournalUnverified: () => journal.sealedFaults().unverified > 0,
      eventLoopLag,
      console: toConsoleSignIn(config, issuer, sandbox?.issuer?.consoleClientId ?? ''),
      pageSandbox: access.issuer === null ? () => fetchPageSandbox(required(sandbox)) : null,
      authenticator,
      callerHash: createCallerHash(config.journal.keys[0] ?? accessKeySecret),
      refusedRequestsPerMinute: limits.refusedRequestsPerMinute,
      limitsOf,
      schema,
      sdl: server.introspection ? printSdls(schema) : null,
      trustedDocuments,
      mfa,
      policy: createPolicyService({
        upstreamFor,
        journal,
        guardRails,
        withUserLock,
        limitsOf,
        clock,
        events,
        countUnboundUsers: store ? createCountUnboundUsers({ store: store.scans, clock }) : async () => null,
        onPoolWritten: mfa.forgetGlobalFactors,
      }),
      findPeople: createFindPeople({ upstreamFor, limitsOf }),
      coverage: coverage?.service ?? null,
      scopeNames: access.scopeNames,
      forecasts: createForecastService({ upstreamFor, clock }),
      changes: history?.changes ?? null,
      histories: createHistoryService({ upstreamFor, changes: history?.changes ?? null, events }),
      live: createLive(feed, store && createScanWatch({ scans: store.scans, clock })),
      eventStreamLimits: limits.eventStreams,
      observer,
      clock,
      log,
    })
    const http = closers.add(await namingListenFaults({ port: 'PORT', host: 'HOST' }, starting))
    telemetry?.addReadings({
      genauthClient,
      http,
      eventLoopLag,
      journal,
      replicas,
      sharedChanges,
      store,
      history,
    })

    const secretUsers = {
      genauthClient,
      authenticator,
      journal,
      revisions,
      changeSeal,
      history,
      protectedUsers,
    }
    const app: App = {
      url: http.url,
      sandboxUrl: sandbox?.url ?? null,
      metricsUrl: telemetry?.metricsUrl ?? null,
      isHeldUp: () => journal.isHeldUp(),
      stopReceiving: () => {
        http.stopReceiving()
        // Another replica goes on with its scan while the last requests are served here.
        void coverage?.close()
      },
      rereadSecrets: createRotateSecrets({ ...secretUsers, config, rereadSecrets, accessKeySecret, log }),
      beginSegment: () => journal.beginSegment(),
      close: () => closers.close(),
      [Symbol.asyncDispose]: () => closers.close(),
    }
    goOnUnlessStopped()
    const opening = journal.open()
    host.onListening?.(app)
    await opening
    history?.start()
    await coverage?.runScans()
    return app
  })
}

/** Returns how the page for support desks signs people in. `null` if the page is off. */
function toConsoleSignIn(
  { console, access }: Config,
  { issuer, audience }: TokenIssuer,
  sandboxClientId: string,
): ConsoleSignIn | null {
  if (console === null) return null
  const { clientId, scopes, tokenOrigin } = console
  return {
    issuer,
    audience,
    clientId: clientId ?? sandboxClientId,
    scopes,
    tokenOrigin,
    isSandbox: access.issuer === null,
  }
}

/** Loads what scans need only if they can be kept. */
async function startScans(options: CoverageOptions): Promise<Coverage> {
  const { startCoverage } = await import('./start-coverage.ts')
  return startCoverage(options)
}

/** Loads what shares changes only if there is a Redis to share them through. */
async function startSharing(options: ShareChangesOptions): Promise<SharedChanges> {
  const { shareChanges } = await import('./live/share-changes.ts')
  return shareChanges(options)
}

/** Loads what the index of the history needs only if it can be kept. */
async function beginHistory(options: HistoryOptions): Promise<History> {
  const { startHistory } = await import('./start-history.ts')
  return startHistory(options)
}
