import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json, TestApp } from './app.ts'
import { watchForLeaks } from './canaries.ts'

/** A subscription of a front end. */
export interface TestStream {
  readonly status: number
  /** All bytes so far. */
  readonly text: string
  readonly headers: IncomingMessage['headers']
  /** The results so far. */
  readonly results: readonly Json[]
  /** `true` once the server has said that there are no more. */
  readonly isComplete: boolean
  /** Waits for the next result, or for the first that satisfies. */
  next(): Promise<Json>
  /** Resolves when the response is over. */
  readonly closed: Promise<void>
  /** Leaves, as a page that is closed does. */
  abort(): void
}

export interface OpenStreamOptions {
  readonly variables?: Record<string, unknown>
  readonly headers?: Record<string, string>
  readonly method?: 'GET' | 'POST'
  /** Takes the place of the parameters. */
  readonly body?: object
}

const PATIENCE_MS = 10_000

/** Opens a subscription, and resolves when the first bytes of its response are there. */
export async function openStream(
  app: Pick<TestApp, 'url' | 'authorization'>,
  query: string,
  options: OpenStreamOptions = {},
): Promise<TestStream> {
  const sent = send(app, query, options)
  const [response]: IncomingMessage[] = await once(sent, 'response')
  if (response === undefined) throw new Error('no response')
  let text = ''
  let taken = 0
  const closed = new Promise<void>(resolve => response.once('close', resolve))
  response.setEncoding('utf8').on('error', () => {})
  response.on('data', chunk => {
    watchForLeaks('answer', String(chunk))
    text += chunk
  })
  while (text === '' && !response.complete && !response.destroyed) await sleep(1)
  const results = () =>
    [...text.matchAll(/^event: next\ndata: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json))
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    get text() {
      return text
    },
    get results() {
      return results()
    },
    get isComplete() {
      return text.endsWith('event: complete\ndata:\n\n')
    },
    async next() {
      for (let waitedMs = 0; results().length <= taken; waitedMs += 5) {
        if (waitedMs > PATIENCE_MS) throw new Error(`no event came: ${text}`)
        await sleep(5)
      }
      return results()[taken++]
    },
    closed,
    abort: () => void response.destroy(),
  }
}

function send(
  { url, authorization }: Pick<TestApp, 'url' | 'authorization'>,
  query: string,
  { variables = {}, headers = {}, method = 'POST', body = { query, variables } }: OpenStreamOptions,
): ClientRequest {
  const wanted = { accept: 'text/event-stream', authorization, ...headers }
  if (method === 'POST') {
    const json = JSON.stringify(body)
    return request(`${url}/graphql`, {
      method,
      headers: { 'content-type': 'application/json', ...wanted },
    }).end(json)
  }
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) })
  return request(`${url}/graphql?${search}`, { headers: wanted }).end()
}
