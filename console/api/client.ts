import { Client, type CombinedError, createRequest, fetchExchange } from '@urql/core'
import type { Session } from '../session/session.ts'
import type { Document } from './document.ts'
import { listen, type StreamListener } from './live.ts'
import type { RequestFailure } from './request-failure.ts'
import { toKnown } from './to-known.ts'
import { toRequestFailure } from './to-request-failure.ts'
import { Writes } from './writes.ts'

/** The result of one operation. With `data`, `failures` tells of the fields in it that could not be read. */
export type Result<Data> =
  | { readonly kind: 'DATA'; readonly data: Data; readonly failures: readonly RequestFailure[] }
  | { readonly kind: 'FAILED'; readonly failure: RequestFailure }

export interface Api {
  /** The changes that are on their way, and those that no screen tells of. */
  readonly writes: Writes
  /** Reads. Nothing is kept, so each call asks the server. It never rejects. */
  read<Data, V extends object>(document: Document<Data, V>, variables: V): Promise<Result<Data>>
  /**
   * Changes, or shows what a change would do. It never rejects, and is never repeated.
   *
   * @param isChange `false` if it is to be shown alone
   */
  write<Data, V extends object>(
    document: Document<Data, V>,
    variables: V,
    isChange: boolean,
  ): Promise<Result<Data>>
  /** Tells each event of a subscription. Returns what ends it. */
  subscribe<Data, V extends object>(
    document: Document<Data, V>,
    variables: V,
    listener: StreamListener<Data>,
  ): () => void
}

/** Longer than the server's own longest time for an operation, which ends it with an answer. */
const DEADLINE_MS = 30_000

/** Makes the client of the API. Each request has the token of the session and, unless it opens a stream, a time limit. */
export function createApi(session: Session): Api {
  function send(input: RequestInfo | URL, init: RequestInit, accept: string): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('accept', accept)
    const authorization = session.authorization()
    if (authorization !== null) headers.set('authorization', authorization)
    return fetch(input, { ...init, headers, credentials: 'omit' })
  }

  const client = new Client({
    url: session.config.graphql,
    exchanges: [fetchExchange],
    requestPolicy: 'network-only',
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetch: (input, init = {}) => {
      const signals = [AbortSignal.timeout(DEADLINE_MS), ...(init.signal ? [init.signal] : [])]
      return send(input, { ...init, signal: AbortSignal.any(signals) }, 'application/graphql-response+json')
    },
  })

  async function openStream(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const response = await send(input, init, 'text/event-stream')
    // The client would take a refusal for an event, and wait for the next one.
    if (!response.ok) throw new Error(response.statusText)
    return response
  }

  function toResult<Data>(
    { data, error }: { data?: Data | undefined; error?: CombinedError | undefined },
    isRead: boolean,
  ): Result<Data> {
    const failures = error === undefined ? [] : toRequestFailure(error)
    if (failures.some(({ code }) => code === 'UNAUTHENTICATED')) {
      session.noteRefusal(isRead, isTokenMissing(error?.response))
    }
    if (data != null) {
      session.noteAcceptance()
      return { kind: 'DATA', data, failures }
    }
    return { kind: 'FAILED', failure: failures[0] ?? UNEXPECTED }
  }

  let lastKey = 0
  return {
    writes: new Writes(() => session.hold()),
    async read(document, variables) {
      if (session.authorization() === null) {
        session.noteRefusal(true)
        return { kind: 'FAILED', failure: ENDED }
      }
      // The client would let two equal reads share the earlier response, which may be from before a change.
      const request = { ...createRequest(document, variables), key: ++lastKey }
      return toKnown(toResult(await client.executeQuery(request).toPromise(), true), false)
    },
    async write(document, variables, isChange) {
      if (session.authorization() === null) {
        session.noteRefusal(false)
        return { kind: 'FAILED', failure: ENDED }
      }
      return toKnown(toResult(await client.mutation(document, variables).toPromise(), false), isChange)
    },
    subscribe(document, variables, listener) {
      return listen(client.subscription(document, variables, { fetch: openStream }), session, listener)
    },
  }
}

const ENDED: RequestFailure = {
  code: 'UNAUTHENTICATED',
  isExecuted: 'NO',
  requestId: null,
  retryAfterMs: null,
}
const UNEXPECTED: RequestFailure = { ...ENDED, code: 'INTERNAL_SERVER_ERROR', isExecuted: 'UNKNOWN' }

/** By RFC 6750 a challenge without an error is for a request without a token. */
function isTokenMissing(response: unknown): boolean {
  return response instanceof Response && response.headers.get('www-authenticate') === 'Bearer'
}
