import { toCallerKey } from '../access/caller.ts'
import { CONSOLE_PATH, type ServeConsole } from './console/serve-console.ts'
import { EXPORTS_PATH } from './exports/export-request.ts'
import type { IdentifyCaller } from './identify-caller.ts'
import type { GraphiqlPage } from './page/graphiql.ts'
import { createServePage } from './page/serve-page.ts'
import type { ReportLimits } from './rate-limit-headers.ts'
import type { NotReadyReason, ReadyNote } from './readiness.ts'
import type { Handle } from './request-context.ts'
import type { Route } from './router.ts'
import { send, sendStatus } from './send-response.ts'

/** The routes of the server, by path. */
export type Routes = Readonly<Record<string, Route<Handle>>>

/** The SDL in its two forms: with federation's directives for gateways, and plain for the tools of front ends. */
export interface PublishedSdl {
  readonly subgraph: string
  readonly api: string
}

export interface RoutesOptions {
  readonly serveGraphql: Handle
  readonly serveCoverageExport: Handle
  readonly identifyCaller: IdentifyCaller
  readonly reportLimits: ReportLimits
  /** `null` if the SDL is not published. */
  readonly sdl: PublishedSdl | null
  /** `null` if the page is off. */
  readonly graphiqlPage: GraphiqlPage | null
  /** `null` if the page for support desks is off. */
  readonly console: ServeConsole | null
  /** Returns no reason if the server is ready. */
  readonly notReadyReasons: () => readonly NotReadyReason[]
  readonly readyNotes: () => readonly ReadyNote[]
}

/** Makes the table of all that this server serves. */
export function createRoutes({
  serveGraphql,
  serveCoverageExport,
  identifyCaller,
  reportLimits,
  sdl,
  graphiqlPage,
  console,
  notReadyReasons,
  readyNotes,
}: RoutesOptions): Routes {
  const page = graphiqlPage === null ? null : createServePage(graphiqlPage)
  return {
    '/graphql': { methods: null, handle: page === null ? serveGraphql : page.orElse(serveGraphql) },
    [`${EXPORTS_PATH}*`]: { methods: ['GET'], handle: serveCoverageExport },
    '/health': { methods: ['GET'], handle: ({ response }) => sendStatus(response, 200, { status: 'ok' }) },
    '/ready': { methods: ['GET'], handle: serveReadiness(notReadyReasons, readyNotes) },
    ...(sdl === null
      ? {}
      : { '/schema.graphql': { methods: ['GET'], handle: serveSdl(sdl, identifyCaller, reportLimits) } }),
    ...(page === null
      ? {}
      : {
          '/': { methods: ['GET'], handle: page.redirectToPage },
          '/graphiql/*': { methods: ['GET'], handle: page.serveAsset },
        }),
    ...(console === null
      ? {}
      : {
          [CONSOLE_PATH]: { methods: ['GET'], handle: console.serveShell },
          [`${CONSOLE_PATH}/config.json`]: { methods: ['GET'], handle: console.serveSettings },
          [`${CONSOLE_PATH}/assets/*`]: { methods: ['GET'], handle: console.serveAsset },
          [`${CONSOLE_PATH}/**`]: { methods: ['GET'], handle: console.serveShell },
        }),
  }
}

function serveReadiness(
  notReadyReasons: () => readonly NotReadyReason[],
  readyNotes: () => readonly ReadyNote[],
): Handle {
  return ({ response }) => {
    const [reasons, notes] = [notReadyReasons(), readyNotes()]
    const detail = notes.length === 0 ? {} : { notes }
    if (reasons.length === 0) sendStatus(response, 200, { status: 'ready', ...detail })
    else sendStatus(response, 503, { status: 'not ready', reasons, ...detail })
  }
}

function serveSdl(
  { api, subgraph }: PublishedSdl,
  identifyCaller: IdentifyCaller,
  reportLimits: ReportLimits,
): Handle {
  return async context => {
    reportLimits(context.response, toCallerKey(await identifyCaller(context)))
    const text = context.target.url.searchParams.has('api') ? api : subgraph
    send(context.response, 200, { 'content-type': 'text/plain; charset=utf-8' }, text)
  }
}
