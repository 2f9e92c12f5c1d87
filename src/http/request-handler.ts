import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import type { Authenticator } from '../access/authenticator.ts'
import { type Caller, toCallerKey } from '../access/caller.ts'
import { systemClock } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import { UNEXPECTED } from '../execution/error-codes.ts'
import type { FindDocument } from '../execution/find-document.ts'
import type { CallerContext } from '../mfa/call-context.ts'
import { parseAccept } from './accept.ts'
import type { AccessLogFields } from './access-log-fields.ts'
import type { Answer } from './answer.ts'
import { isLoopbackHost } from './client-address/is-loopback-host.ts'
import { mayWrite, type OperationParams, readGetParams, readPostParams } from './graphql-params.ts'
import type { InFlightRequests, Work } from './in-flight-requests.ts'
import type { LoadShedding } from './load-shedding.ts'
import type { GraphiqlPage } from './page/graphiql.ts'
import type { NotReadyReason, ReadyNote } from './readiness.ts'
import type { RefusalLimit } from './refusal-limit.ts'
import { toRequestDeadlineMs } from './request-deadline.ts'
import { toRequestId } from './request-id.ts'
import { type Observed, observeRequest, type RequestObserver } from './request-observer.ts'
import { RequestRefused } from './request-refused.ts'
import { parseRequestTarget, type RequestTarget } from './request-target.ts'
import {
  isForeignPage,
  PAGE_POLICY,
  setCorsHeaders,
  setPreflightHeaders,
  setSecurityHeaders,
} from './response-headers.ts'
import { negotiate, type ResponseType } from './response-type.ts'
import { createRouter, type Route } from './router.ts'
import { send, sendRefusal, sendStatus, sentStatus } from './send-answer.ts'
import { isSentOnce } from './sent-once.ts'

/** A request that has passed the edge. */
export interface AcceptedRequest extends CallerContext, Observed {
  readonly caller: Caller
  readonly method: string | undefined
  readonly params: OperationParams
  /** In which type the result is said. */
  readonly responseType: ResponseType
  /** The text of the document, or why there is none to execute. */
  readonly document: string | GraphQLError
  readonly note: AccessLogFields
  /** Counts it against the caller's limit: it is refused for what it is, and nothing of it is executed. */
  readonly countRefusal: () => void
  /** Sets `WWW-Authenticate` on the answer. */
  readonly challenge: (value: string) => void
}

/** The SDL in its two forms: with federation's directives for gateways, and plain for the tools of front ends. */
export interface PublishedSdl {
  readonly subgraph: string
  readonly api: string
}

export interface RequestHandlerOptions {
  readonly log: Logger
  /** Null: nobody watches. */
  readonly observer: RequestObserver | null
  readonly authenticator: Authenticator
  readonly corsOrigins: readonly string[]
  readonly requestDeadlineMs: number
  /** Where a request came from. `null`: its connection has ended. */
  readonly clientAddress: (request: IncomingMessage) => string | null
  /** Names a caller in the log without saying who it is. */
  readonly callerHash: (caller: Caller) => string
  readonly inFlightRequests: InFlightRequests
  readonly loadShedding: LoadShedding
  readonly refusalLimit: RefusalLimit
  readonly findDocument: FindDocument
  /** Whether it finds no other. */
  readonly trustedDocumentsOnly: boolean
  /** The published SDL, served to callers. Null: it is not published. */
  readonly sdl: PublishedSdl | null
  /** Null: the page is off. */
  readonly graphiqlPage: GraphiqlPage | null
  /** Nothing: ready. */
  readonly notReadyReasons: () => readonly NotReadyReason[]
  readonly readyNotes: () => readonly ReadyNote[]
  /** Answers a GraphQL request whose parameters have been read. Sends nothing: the edge does. */
  readonly answer: (accepted: AcceptedRequest) => Promise<Answer>
}

/** A request for an operation, before anything of it but its headers has been looked at. */
type ArrivedRequest = Pick<AcceptedRequest, 'requestId' | 'note' | 'deadline' | 'trace' | 'settled'> & {
  readonly work: Work
}

/** One request, for the route that it takes. */
interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: RequestTarget
  readonly requestId: string
  readonly note: AccessLogFields
  /** From when the request arrived. */
  readonly deadline: Deadline
}

type Handle = (arrival: Arrival) => void | Promise<void>

/** What a page of another origin may ask for, if its origin is listed. */
const CORS_PATHS = new Set(['/graphql', '/schema.graphql'])
const ORIGIN_FAULT = "The page's origin is not in CORS_ORIGINS."
const MAX_LOGGED_ORIGIN_LENGTH = 200

/**
 * Everything that every way in passes once: the request id, the routes, the rules for bodies, the log line.
 * Behind it a request is GraphQL parameters, however it came.
 */
export function createRequestHandler({
  log,
  observer,
  authenticator,
  corsOrigins,
  requestDeadlineMs,
  clientAddress,
  callerHash,
  inFlightRequests,
  loadShedding,
  refusalLimit,
  findDocument,
  trustedDocumentsOnly,
  sdl,
  graphiqlPage,
  notReadyReasons,
  readyNotes,
  answer,
}: RequestHandlerOptions) {
  let ignoredDeadlines = 0
  // Each value of these lines is chosen below. The net for what comes along costs more than the rest of a line.
  const requestLog = log.child({}, { redact: [] })

  /** Where the page's files are: beside `/graphql`, so that the page can name them without knowing its own path. */
  const pageRoutes = (page: GraphiqlPage): Readonly<Record<string, Route<Handle>>> => ({
    '/': { methods: ['GET'], handle: showWherePageIs },
    '/graphiql/*': {
      methods: ['GET'],
      async handle({ request, response, target }) {
        const name = target.path.slice('/graphiql/'.length)
        const asset = await page.asset(name, request.headers['accept-encoding'])
        if (asset === null)
          throw new RequestRefused(404, 'NOT_FOUND', 'There is no such file. Load the page again.')
        send(response, 200, asset.headers, asset.body)
      },
    },
  })

  const findRoute = createRouter<Handle>({
    '/graphql': { methods: null, handle: serveGraphql },
    '/health': { methods: ['GET'], handle: ({ response }) => sendStatus(response, 200, { status: 'ok' }) },
    '/ready': { methods: ['GET'], handle: sayWhetherReady },
    ...(sdl === null ? {} : { '/schema.graphql': { methods: ['GET'], handle: publishSdl(sdl) } }),
    ...(graphiqlPage === null ? {} : pageRoutes(graphiqlPage)),
  })

  async function route(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    note: AccessLogFields,
  ) {
    if (request.method === 'OPTIONS' && answerPreflight(request, response, requestId)) return
    const routed = findRoute(request.method, request.url)
    if (routed.kind === 'REFUSED') throw routed.refused
    const deadline = createDeadline(toLimitMs(request, note), systemClock)
    await routed.handle({ request, response, target: routed.target, requestId, note, deadline })
  }

  /** @returns whether it was one of a page that may ask */
  function answerPreflight(request: IncomingMessage, response: ServerResponse, requestId: string): boolean {
    if (!CORS_PATHS.has(parseRequestTarget(request.url ?? '')?.path ?? '')) return false
    if (setCorsHeaders(request, response, corsOrigins)) {
      setPreflightHeaders(response)
      send(response, 204, {}, '')
      return true
    }
    if (isForeignPage(request, corsOrigins)) throw refuseOrigin(request, requestId)
    return false
  }

  function sayWhetherReady({ response }: Arrival): void {
    const [reasons, notes] = [notReadyReasons(), readyNotes()]
    const detail = notes.length === 0 ? {} : { notes }
    if (reasons.length === 0) sendStatus(response, 200, { status: 'ready', ...detail })
    else sendStatus(response, 503, { status: 'not ready', reasons, ...detail })
  }

  function publishSdl({ api, subgraph }: PublishedSdl): Handle {
    return async ({ request, response, target, note, deadline }) => {
      await identify(request, note, deadline)
      const text = target.url.searchParams.has('api') ? api : subgraph
      send(response, 200, { 'content-type': 'text/plain; charset=utf-8' }, text)
    }
  }

  async function serveGraphql(arrival: Arrival): Promise<void> {
    const { request, response, requestId, note, deadline, target } = arrival
    if (graphiqlPage !== null && isRead(request) && wantsPage(request)) {
      // The page's own references would lead below it.
      if (target.hasTrailingSlash) return redirect(response, `../graphql${target.url.search}`)
      response.setHeader('content-security-policy', PAGE_POLICY)
      const html = await graphiqlPage.html(isLoopbackHost(request))
      return send(response, 200, { 'content-type': 'text/html; charset=utf-8' }, html)
    }
    const work = inFlightRequests.begin()
    const { trace, settled } = observeRequest(observer, request, response, note)
    const arrived = { requestId, note, deadline, trace, settled, work }
    try {
      await operate(request, response, target.url, arrived)
    } finally {
      work.end()
    }
  }

  async function operate(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    arrived: ArrivedRequest,
  ) {
    const { note, deadline } = arrived
    loadShedding.admit('UNKNOWN')
    const caller = await identify(request, note, deadline)
    refusalLimit.admit(caller)
    try {
      await operateFor(caller, request, response, url, arrived)
    } catch (error) {
      if (isFaultOfRequest(error)) refusalLimit.count(caller)
      throw error
    }
  }

  async function operateFor(
    caller: Caller,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    { requestId, note, deadline, trace, settled, work }: ArrivedRequest,
  ) {
    const resume = work.onWait()
    let params: OperationParams
    try {
      params = await readParams(request, url, () => refusalLimit.admit(caller))
    } finally {
      resume()
    }
    const responseType = chooseType(request)
    const document = findDocument(params)
    if (typeof document === 'string') note.isTrustedDocument = params.query === null || trustedDocumentsOnly
    loadShedding.admit(typeof document === 'string' && mayWrite(document) ? 'WRITE' : 'READ')
    const { httpStatus, headers, body } = await answer({
      requestId,
      note,
      deadline,
      trace,
      settled,
      caller,
      callerKey: toCallerKey(caller),
      method: request.method,
      params,
      responseType,
      document,
      isWanted: () => !response.destroyed,
      onWait: work.onWait,
      countRefusal: () => refusalLimit.count(caller),
      challenge: value => void response.setHeader('www-authenticate', value),
    })
    send(response, httpStatus, headers, body)
  }

  function toLimitMs({ headers }: IncomingMessage, note: AccessLogFields): number {
    const asked = toRequestDeadlineMs(headers['x-request-deadline-ms'])
    if (asked === 'MALFORMED') note.ignoredDeadlines = ++ignoredDeadlines
    return typeof asked === 'number' ? Math.min(asked, requestDeadlineMs) : requestDeadlineMs
  }

  /** The log has the origin, for the operator who has to list it. Anybody can send one, so what no URL holds is masked. */
  function refuseOrigin({ headers }: IncomingMessage, requestId: string): RequestRefused {
    const origin = headers.origin?.slice(0, MAX_LOGGED_ORIGIN_LENGTH).replace(/[^!-~]/g, '?')
    log.debug({ requestId, origin }, ORIGIN_FAULT)
    return new RequestRefused(403, 'ORIGIN_NOT_ALLOWED', ORIGIN_FAULT)
  }

  function toOriginHint(request: IncomingMessage): string {
    return isForeignPage(request, corsOrigins) ? ` ${ORIGIN_FAULT}` : ''
  }

  /** Before anything of the body is read. */
  async function identify(
    request: IncomingMessage,
    note: AccessLogFields,
    deadline: Deadline,
  ): Promise<Caller> {
    const judged = authenticator.authenticate(toAuthorization(request))
    const authentication =
      judged instanceof Promise ? await within(deadline, judged, () => ({ kind: 'LATE' }) as const) : judged
    switch (authentication.kind) {
      case 'CALLER':
        note.callerIssuer = authentication.caller.issuer
        note.callerHash = callerHash(authentication.caller)
        return authentication.caller
      case 'MISSING':
        throw new RequestRefused(401, 'UNAUTHENTICATED', `Send a bearer token.${toOriginHint(request)}`, {
          'www-authenticate': 'Bearer',
        })
      case 'INVALID':
        throw new RequestRefused(
          401,
          'UNAUTHENTICATED',
          `The token is not valid here.${toOriginHint(request)}`,
          { 'www-authenticate': 'Bearer error="invalid_token"' },
        )
      case 'UNAVAILABLE':
        throw new RequestRefused(
          503,
          'AUTHENTICATION_UNAVAILABLE',
          'Tokens cannot be checked at the moment. Nothing was done; try again later.',
        )
      case 'LATE':
        throw new RequestRefused(
          503,
          'DEADLINE_EXCEEDED',
          'The time for this request is over. Nothing was done; allow more in x-request-deadline-ms, or try again later.',
        )
    }
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAtMs = performance.now()
    const requestId = toRequestId(request.headers['x-request-id'])
    const note: AccessLogFields = { clientAddress: clientAddress(request) ?? undefined }
    response.setHeader('x-request-id', requestId)
    setSecurityHeaders(response)
    setCorsHeaders(request, response, corsOrigins)
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAtMs)
      const status = sentStatus(request, response)
      requestLog.info(toLogLine(requestId, request.method, status, note, durationMs), 'request')
    })
    route(request, response, requestId, note).catch((error: unknown) => {
      if (request.errored !== null) return
      const refused = error instanceof RequestRefused ? error : null
      if (refused === null) log.error({ requestId, err: error }, 'unexpected error')
      else note.errorCodes = [refused.code]
      const answered = refused ?? new RequestRefused(500, UNEXPECTED, 'Unexpected error.')
      sendRefusal(request, response, requestId, answered)
    })
  }
}

/** Node would keep the first of two and drop the other in silence. */
function toAuthorization(request: IncomingMessage): string | undefined {
  return isSentOnce(request, 'authorization')
    ? request.headers.authorization
    : request.headersDistinct['authorization']?.join(', ')
}

/** What is undefined is not written. Spelled out, since this is made for every request. */
function toLogLine(
  requestId: string,
  method: string | undefined,
  status: number | null,
  note: AccessLogFields,
  durationMs: number,
) {
  return {
    requestId,
    method,
    status: status ?? undefined,
    aborted: status === null ? true : undefined,
    operation: note.operation,
    operationName: note.operationName,
    errorCodes: note.errorCodes,
    ignoredDeadlines: note.ignoredDeadlines,
    clientAddress: note.clientAddress,
    callerIssuer: note.callerIssuer,
    callerHash: note.callerHash,
    traceId: note.traceId,
    durationMs,
  }
}

/** For somebody who opens the address of the server in a browser. */
function showWherePageIs({ request, response, target }: Arrival): void {
  redirect(response, `${toPathPrefix(request)}graphql${target.url.search}`)
}

/**
 * The part of the path that a proxy has taken off, as it says in `X-Forwarded-Prefix`, with a slash at its end. Without
 * it the redirect is relative, which is right if the browser's address ends in a slash. A client that makes one up moves
 * only itself, and stays on this origin.
 */
function toPathPrefix({ headers }: IncomingMessage): string {
  const prefix = headers['x-forwarded-prefix']
  return typeof prefix === 'string' && /^(?:\/[\w.~-]+)+\/?$/.test(prefix)
    ? `${prefix.replace(/\/$/, '')}/`
    : ''
}

function redirect(response: ServerResponse, location: string): void {
  send(response, 302, { location }, '')
}

/** Whether a browser asks: it names HTML, and no JSON that it wants as much. The page shows the document of a link. */
function wantsPage({ headers }: IncomingMessage): boolean {
  const ranges = parseAccept(headers.accept ?? '')
  const html = ranges.find(({ type, subtype }) => type === 'text' && subtype === 'html')
  const json = ranges.find(({ subtype }) => subtype.endsWith('json'))
  return html !== undefined && html.weight > (json?.weight ?? 0)
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Before anything of the request is executed: what has been done must be said. */
function chooseType(request: IncomingMessage): ResponseType {
  const negotiation = negotiate(request.headers.accept)
  if (negotiation.kind === 'TYPE') return negotiation.type
  throw new RequestRefused(
    406,
    'NOT_ACCEPTABLE',
    'Nothing was done: name application/graphql-response+json or application/json in the Accept header.',
  )
}

/** What no other request would have been refused for: not the load, not the time, not the limit itself. */
function isFaultOfRequest(error: unknown): boolean {
  return (
    error instanceof RequestRefused &&
    error.httpStatus >= 400 &&
    error.httpStatus < 500 &&
    error.httpStatus !== 429
  )
}

function readParams(
  request: IncomingMessage,
  url: URL,
  admit: () => void,
): OperationParams | Promise<OperationParams> {
  switch (request.method) {
    case 'POST':
      return readPostParams(request, url, admit)
    case 'GET':
      return readGetParams(request, url)
    default:
      throw new RequestRefused(405, 'METHOD_NOT_ALLOWED', 'Send POST, or GET for a query.', {
        allow: 'GET, POST',
      })
  }
}
