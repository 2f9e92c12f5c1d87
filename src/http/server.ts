import type { AddressInfo } from 'node:net'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Authenticator } from '../access/authenticator.ts'
import type { Caller, ScopeNames } from '../access/caller.ts'
import type { LimitsOf } from '../access/rate-limits.ts'
import type { Clock } from '../base/clock.ts'
import { createHttpServer } from '../base/create-http-server.ts'
import { createErrorMask } from '../execution/error-mask.ts'
import { createExecuteOperation } from '../execution/execute-operation.ts'
import { useOperation, usePublicErrors } from '../execution/execution-plugins.ts'
import { createFindDocument, type FindDocumentOptions } from '../execution/find-document.ts'
import { createPrepareDocument } from '../execution/prepare-document.ts'
import { createValidationRules } from '../execution/validation-rules.ts'
import { createClientAddress } from './client-address/client-address.ts'
import type { TrustedProxies } from './client-address/trusted-proxies.ts'
import type { ConsoleSignIn } from './console/serve-console.ts'
import { createCrossOrigin } from './cross-origin.ts'
import type { EventLoopLag } from './event-loop-lag.ts'
import {
  createEventStreams,
  type EventStreamLimits,
  type EventStreams,
} from './event-streams/event-streams.ts'
import { createServeCoverageExport } from './exports/serve-coverage-export.ts'
import { createGracefulShutdown } from './graceful-shutdown.ts'
import { createGraphqlOverHttp } from './graphql-over-http.ts'
import { createIdentifyCaller } from './identify-caller.ts'
import { createInFlightRequests, type InFlightRequests } from './in-flight-requests.ts'
import { createLoadShedding } from './load-shedding.ts'
import { type ContextParts, OperationContext } from './operation-context.ts'
import type { PageSandbox } from './page/graphiql.ts'
import { createReportLimits } from './rate-limit-headers.ts'
import { createReadiness, type NotReadyReason, type ReadyNote, type ReadyParts } from './readiness.ts'
import { createRefusalLimit } from './refusal-limit.ts'
import { createRequestHandler } from './request-handler.ts'
import type { RequestObserver } from './request-observer.ts'
import { createRoutes, type PublishedSdl } from './routes.ts'
import { createServeGraphql } from './serve-graphql.ts'

/** The settings of a deployment for the server. */
export interface ServerSettings {
  readonly port: number
  readonly host: string
  readonly graphiql: boolean
  readonly introspection: boolean
  /** Origins whose pages may read responses. */
  readonly corsOrigins: readonly string[]
  /** The longest time for one operation. A request may ask for less. */
  readonly requestDeadlineMs: number
  /** The longest time that a connection stays idle. A load balancer must close it first. */
  readonly keepAliveTimeoutMs: number
  /** The proxies that are believed when they say where a request came from. */
  readonly trustedProxies: TrustedProxies
}

export interface ServerOptions extends ServerSettings, ContextParts {
  readonly callerHash: (caller: Caller) => string
  readonly readyParts: ReadyParts
  /** Returns `true` if this replica uses a share of its own of the things that it should share with other replicas. */
  readonly isSharingLost: () => boolean
  /** Returns `true` if a part of the journal cannot be verified. */
  readonly isJournalUnverified: () => boolean
  readonly eventLoopLag: EventLoopLag
  readonly authenticator: Authenticator
  /**
   * Returns the data of the embedded sandbox for GraphiQL. `null` if there is no sandbox, and callers bring their own
   * tokens.
   */
  readonly pageSandbox: (() => Promise<PageSandbox>) | null
  /** The sign-in of the page for support desks. `null` if the page is off. */
  readonly console: ConsoleSignIn | null
  readonly schema: GraphQLSchema
  /** The number of one caller's requests that may be refused in a minute. `null` for any number. */
  readonly refusedRequestsPerMinute: number | null
  readonly limitsOf: LimitsOf
  /** The published SDL, or `null` if it is not published. */
  readonly sdl: PublishedSdl | null
  readonly trustedDocuments: FindDocumentOptions
  /** The issuer's names, for the message of a refusal. */
  readonly scopeNames: ScopeNames
  readonly eventStreamLimits: EventStreamLimits
  readonly observer: RequestObserver
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Limits for clients that are slow on purpose. Node checks them only at intervals, by default every 30 s. They count
 * from the first byte of a request, so an idle connection may be kept for longer.
 */
const HTTP_TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 }

/**
 * The most connections that may wait to be accepted. The system may allow fewer. A further connection is not refused
 * but dropped. Its client tries again after a second, then after two more.
 */
const BACKLOG = 4_096
/** The time that an operation may take beyond its deadline. Its outcome is recorded in it, and its response is sent. */
const LAST_RESPONSES_MS = 1_000

/** The current state of the server. */
export interface ServerReadings {
  readonly inFlightRequests: Pick<InFlightRequests, 'inFlight' | 'underWay'>
  readonly eventStreams: Pick<EventStreams, 'open'>
  readonly notReadyReasons: () => readonly NotReadyReason[]
}

/** A server that listens. */
export interface Server {
  readonly url: string
  readonly readings: ServerReadings
  /**
   * Reports from now on that the server is not ready, ends each stream of events, and ends each connection with its next
   * response. The server still serves requests, but begins no stream.
   */
  stopReceiving(): void
  /**
   * Accepts no new connection, and finishes the operations under way, for as long as their deadlines allow. It then
   * resolves.
   */
  close(): Promise<void>
}

/** Starts the GraphQL server. It rejects if the address cannot be listened on. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const {
    port,
    host,
    graphiql,
    introspection,
    corsOrigins,
    requestDeadlineMs,
    keepAliveTimeoutMs,
    trustedProxies,
    callerHash,
    readyParts,
    isSharingLost,
    isJournalUnverified,
    eventLoopLag,
    authenticator,
    pageSandbox,
    console,
    refusedRequestsPerMinute,
    limitsOf,
    schema,
    sdl,
    trustedDocuments,
    mfa,
    policy,
    findPeople,
    changes,
    coverage,
    scopeNames,
    forecasts,
    histories,
    live,
    eventStreamLimits,
    observer,
    clock,
    log,
  } = options
  const inFlightRequests = createInFlightRequests()
  const loadShedding = createLoadShedding(inFlightRequests, eventLoopLag, clock)

  const contextParts = { mfa, policy, findPeople, changes, coverage, forecasts, histories, live }

  const http = createHttpServer({ ...HTTP_TIMEOUTS, keepAliveTimeout: keepAliveTimeoutMs })
  const gracefulShutdown = createGracefulShutdown(http, inFlightRequests, clock)
  const notReadyReasons = createReadiness(readyParts, loadShedding, gracefulShutdown)
  function readyNotes(): ReadyNote[] {
    const notes: ReadyNote[] = []
    if (isSharingLost()) notes.push('LOCAL_SHARE')
    if (isJournalUnverified()) notes.push('JOURNAL_UNVERIFIED')
    return notes
  }
  const crossOrigin = createCrossOrigin({ log, corsOrigins })
  const identifyCaller = createIdentifyCaller({ authenticator, callerHash, crossOrigin })
  const reportLimits = createReportLimits(limitsOf)
  const prepare = createPrepareDocument({
    schema,
    rules: createValidationRules({ introspection }),
    hideSuggestions: !introspection,
  })
  const executeOperation = createExecuteOperation({
    schema,
    isSchemaPublished: introspection,
    prepare,
    createContext: request => new OperationContext(contextParts, request),
  })
  const graphqlOverHttp = createGraphqlOverHttp([
    useOperation(executeOperation),
    usePublicErrors(createErrorMask(log)),
  ])
  const eventStreams = createEventStreams(eventStreamLimits, clock)
  const refusalLimit = createRefusalLimit({ perMinute: refusedRequestsPerMinute, clock })
  const stages = { inFlightRequests, loadShedding, identifyCaller, refusalLimit, reportLimits }
  const serveGraphql = createServeGraphql({
    ...stages,
    observer,
    findDocument: createFindDocument(trustedDocuments),
    trustedDocumentsOnly: trustedDocuments.only,
    graphqlOverHttp,
    eventStreams,
    requestDeadlineMs,
    clock,
  })
  const serveCoverageExport = createServeCoverageExport({
    ...stages,
    scopeNames,
    coverage,
    mfa,
    requestDeadlineMs,
    clock,
  })
  const graphiqlPage = graphiql ? (await import('./page/graphiql.ts')).createGraphiqlPage(pageSandbox) : null
  const serveConsole =
    console === null ? null : (await import('./console/serve-console.ts')).createServeConsole(console)
  http.on(
    'request',
    createRequestHandler({
      clock,
      log,
      clientAddress: createClientAddress(trustedProxies),
      crossOrigin,
      requestDeadlineMs,
      routes: createRoutes({
        serveGraphql,
        serveCoverageExport,
        identifyCaller,
        reportLimits,
        sdl,
        graphiqlPage,
        console: serveConsole,
        notReadyReasons,
        readyNotes,
      }),
    }),
  )

  function stopReceiving(): void {
    gracefulShutdown.begin()
    eventStreams.stop()
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen({ port, host, backlog: BACKLOG }, resolve)
  })

  return {
    url: toUrl(http.address()),
    readings: { inFlightRequests, eventStreams, notReadyReasons },
    stopReceiving,
    async close() {
      stopReceiving()
      const cutOff = await gracefulShutdown.finish(requestDeadlineMs + LAST_RESPONSES_MS)
      if (cutOff > 0) log.error({ operations: cutOff }, 'stopped before these operations had ended')
    },
  }
}

function toUrl(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a TCP address')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
