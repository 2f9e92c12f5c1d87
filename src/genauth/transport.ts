import { buildConnector, errors, Pool } from 'undici'
import type { Clock } from '../base/clock.ts'
import { parseJson } from '../base/parse-json.ts'
import { SingleUseConnections } from './connection/single-use-connections.ts'
import { dispatchHttp, type HttpOutcome } from './dispatch-http.ts'
import { type Envelope, envelopeSchema } from './envelope.ts'

/** One HTTP request below GenAuth's base URL. */
interface TransportRequest {
  readonly pool: ConnectionPool
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  /** More headers for this request alone, or `null` if there are none. */
  readonly addedHeaders: Readonly<Record<string, string>> | null
  /** The longest wait for a reply, the wait for a connection included. */
  readonly timeoutMs: number
  /** Called once, when the request begins to be written. */
  readonly onSent: () => void
  /** Asked at the last moment, when there is a connection. If it returns `false`, the request is not sent. */
  readonly isWanted: () => boolean
}

/**
 * The connections that a request may use. No pool can take a connection of another. Connections of `SHARED_READ` are
 * used again.
 *
 * A connection of any other pool carries a single request. If it carried more, a second reply that comes late would be
 * taken for the reply to the next request. No look at an idle connection proves that none is coming.
 */
type ConnectionPool = CallKind | 'SHARED_READ'

/** The purpose of a call. A slow GenAuth can use up the connections of one kind only. */
export type CallKind = 'READ' | 'WRITE' | 'TOKEN'

/**
 * The reply to a request. It is one of three:
 *
 * - GenAuth's envelope,
 * - a response without an envelope (a proxy's page, a redirect, a cut body),
 * - no response, with the knowledge whether the request has arrived.
 */
export type Reply =
  | {
      readonly kind: 'ENVELOPE'
      readonly envelope: Envelope
      readonly httpStatus: number
      readonly retryAfterMs: number | null
    }
  | {
      readonly kind: 'NOT_AN_ENVELOPE'
      readonly httpStatus: number
      readonly retryAfterMs: number | null
      readonly cause: unknown
    }
  | {
      readonly kind: 'NONE'
      /** `UNSENDABLE` means that the request was not sent, and that no other attempt would be. */
      readonly reason: 'NOT_SENT' | 'UNSENDABLE' | 'CONNECTION_LOST' | 'TIMED_OUT'
      /** `true` if `timeoutMs` were over. */
      readonly isLate: boolean
      readonly cause: unknown
    }

/** Sends requests. It never throws because of the other side or the network. */
export interface Transport {
  send(request: TransportRequest): Promise<Reply>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 2_000
const MAX_REPLY_BYTES = 1024 * 1024
/** Twice as many values as 50 users have with all of their fields. A reply of 1 MB has room for twenty times more. */
export const MAX_REPLY_VALUES = 32 * 1024
const MAX_HEADER_BYTES = 16 * 1024
/**
 * At 300 requests a second, this is enough for a GenAuth that takes two thirds of a second for each. The bulkheads keep
 * to it. For tokens, hardly ever is there more than one.
 */
export const MAX_CONNECTIONS: Readonly<Record<'READ' | 'WRITE', number>> = { READ: 250, WRITE: 100 }
/** A day, which is longer than any caller waits, and well inside a GraphQL Int. */
const MAX_RETRY_AFTER_MS = 86_400_000
/** Node servers close idle sockets after five seconds. This is less, so that no request uses a closing socket. */
const KEEP_ALIVE_MS = 4_000

const ACCEPTING = ['accept', 'application/json', 'accept-encoding', 'identity']
const SENDING = [...ACCEPTING, 'content-type', 'application/json']

/**
 * With these codes nothing was sent, and another attempt does not help. The other side is not trusted, or the request
 * cannot be written.
 */
const UNSENDABLE_CODES = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  // An invalid header or path is refused before there is a connection.
  'UND_ERR_INVALID_ARG',
])

/**
 * Creates the connections to GenAuth's origin.
 *
 * - No redirect is followed, so credentials and bodies go nowhere else.
 * - No content encoding is accepted, so the size limit counts the bytes that are really read.
 * - A new connection over TLS mostly resumes a session of its like, of one request or of many.
 */
export function createTransport(baseUrl: string, clock: Clock): Transport {
  const { origin, pathname } = new URL(baseUrl)
  const basePath = pathname.replace(/\/+$/, '')
  const shared = new Pool(origin, {
    connections: MAX_CONNECTIONS.READ,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_REPLY_BYTES,
    connect: buildConnector({ timeout: CONNECT_TIMEOUT_MS }),
  })
  const singleUse = new SingleUseConnections(origin, {
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    maxHeaderBytes: MAX_HEADER_BYTES,
    maxBodyBytes: MAX_REPLY_BYTES,
  })

  return {
    async send({ pool, method, path, params, headers, addedHeaders, timeoutMs, onSent, isWanted }) {
      const isGet = method === 'GET'
      const request = {
        method,
        path: `${basePath}${path}${isGet ? toQuery(params) : ''}`,
        headers: toHeaderList(isGet ? ACCEPTING : SENDING, headers, addedHeaders),
        body: isGet ? null : JSON.stringify(params),
      }
      const options = { timeoutMs, clock, onSent, isWanted }
      const outcome =
        pool === 'SHARED_READ'
          ? await dispatchHttp(shared, request, options)
          : await singleUse.dispatch(request, options)
      return toReply(outcome, clock.now())
    },
    async close() {
      singleUse.destroy()
      await shared.destroy()
    },
  }
}

/** Returns names and values alternately, as undici takes them. Merging objects would be slow. */
function toHeaderList(
  first: readonly string[],
  ...others: readonly (Readonly<Record<string, string>> | null)[]
): string[] {
  const list = [...first]
  for (const headers of others) {
    if (headers !== null) for (const name in headers) list.push(name, headers[name] ?? '')
  }
  return list
}

function toReply(outcome: HttpOutcome, nowMs: number): Reply {
  switch (outcome.kind) {
    case 'UNANSWERED': {
      const { isStarted, isLate, cause } = outcome
      const reason = isStarted ? toReason(cause, isLate) : toUnsentReason(cause)
      return { kind: 'NONE', reason, isLate, cause }
    }
    case 'ANSWERED': {
      const { httpStatus, headers, text } = outcome
      const retryAfterMs = toRetryAfterMs(headers['retry-after'], nowMs)
      const encoding = headers['content-encoding']
      const isPlain = encoding === undefined || encoding === 'identity'
      const isRedirect = httpStatus >= 300 && httpStatus < 400
      const parsed = isPlain && !isRedirect ? parseEnvelope(text) : null
      return parsed?.success
        ? { kind: 'ENVELOPE', envelope: parsed.data, httpStatus, retryAfterMs }
        : { kind: 'NOT_AN_ENVELOPE', httpStatus, retryAfterMs, cause: parsed?.error }
    }
  }
}

function parseEnvelope(text: string) {
  const parsed = parseJson(text, MAX_REPLY_VALUES)
  return 'fault' in parsed ? null : envelopeSchema.safeParse(parsed.value)
}

/** Returns the query in the form of the official SDK: a list is `name[]=a&name[]=b`, and `undefined` is left out. */
function toQuery(params: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value)) for (const item of value) query.append(`${name}[]`, String(item))
    else if (value !== undefined) query.append(name, String(value))
  }
  return query.size === 0 ? '' : `?${query}`
}

function toReason(cause: unknown, isLate: boolean) {
  const hasTimedOut =
    isLate || cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError
  return hasTimedOut ? 'TIMED_OUT' : 'CONNECTION_LOST'
}

function toUnsentReason(cause: unknown) {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && UNSENDABLE_CODES.has(code) ? 'UNSENDABLE' : 'NOT_SENT'
}

/** Reads `Retry-After` in either of its forms. Anything else counts as absent. */
function toRetryAfterMs(header: string | string[] | undefined, nowMs: number): number | null {
  if (typeof header !== 'string') return null
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs
  return Number.isNaN(waitMs) ? null : Math.round(Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS))
}
