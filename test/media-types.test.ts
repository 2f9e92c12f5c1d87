import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app[Symbol.asyncDispose]())

/** What a request comes to, with the parameters of one that comes to it by `GET` and by `POST`. */
const RESULTS = {
  data: { query: '{ __typename }' },
  'a fault of the request': { query: '{ nothing }' },
  'a choice that nobody made': { query: 'query A { __typename } query B { __typename }' },
  'no such persisted query': {
    extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
  },
} as const

type Result = keyof typeof RESULTS

const OLD = 'application/json; charset=utf-8'
const NEW = 'application/graphql-response+json; charset=utf-8'
const PARTS = 'multipart/mixed; boundary="-"'
const EVENTS = 'text/event-stream'

/** How a JSON text stands in each type. */
const FRAMES: Readonly<Record<string, (json: string) => string>> = {
  [OLD]: json => json,
  [NEW]: json => json,
  [PARTS]: json =>
    `\r\n---\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}\r\n-----\r\n`,
  [EVENTS]: json => `:\n\nevent: next\ndata: ${json}\n\nevent: complete\ndata:\n\n`,
}

/** Statuses in the order of `RESULTS`. A stream that has begun cannot say 400, as old JSON may not. */
const TABLE: readonly (readonly [accept: string | null, type: string, statuses: readonly number[]])[] = [
  [null, OLD, [200, 200, 400, 200]],
  ['*/*', OLD, [200, 200, 400, 200]],
  ['application/json', OLD, [200, 200, 400, 200]],
  ['application/json;q=0.1, text/csv', OLD, [200, 200, 400, 200]],
  ['application/graphql-response+json', NEW, [200, 400, 400, 200]],
  ['application/graphql-response+json, application/json;q=0.9', NEW, [200, 400, 400, 200]],
  ['multipart/mixed', PARTS, [200, 400, 400, 200]],
  ['multipart/mixed;deferSpec=20220824, application/json;q=0.5', PARTS, [200, 400, 400, 200]],
  ['text/event-stream', EVENTS, [200, 200, 400, 200]],
  ['text/event-stream, application/json;q=0.5', EVENTS, [200, 200, 400, 200]],
  ['text/event-stream, application/json', OLD, [200, 200, 400, 200]],
]

/** Without the id of its request. */
async function send(accept: string | null, result: Result, method: 'GET' | 'POST') {
  const params = RESULTS[result]
  const query = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  // What fetch sends by itself is any type.
  const headers = { accept: accept ?? '' }
  const {
    status,
    headers: received,
    text,
  } = await (method === 'GET'
    ? app.fetch(`/graphql?${new URLSearchParams(query)}`, { headers })
    : app.fetch('/graphql', {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(params),
      }))
  return {
    status,
    type: received.get('content-type'),
    length: received.get('content-length'),
    text: text.replaceAll(received.get('x-request-id') ?? '', 'REQUEST'.padEnd(36, '.')),
  }
}

describe.each(['GET', 'POST'] as const)('a %s', method => {
  it.each(TABLE)('that accepts %j is answered as %s', async (accept, type, statuses) => {
    for (const [index, result] of (Object.keys(RESULTS) as Result[]).entries()) {
      const { text: json } = await send('application/json', result, method)
      const text = FRAMES[type]?.(json) ?? ''
      expect(await send(accept, result, method), result).toEqual({
        status: statuses[index],
        type,
        length: String(Buffer.byteLength(text)),
        text,
      })
    }
  })

  it('is refused in JSON where nothing of it can be said in the type that it accepts', async () => {
    for (const [accept, status, type] of [
      ['text/csv', 406, OLD],
      ['application/graphql+json', 406, OLD],
    ] as const) {
      expect(await send(accept, 'data', method)).toMatchObject({ status, type })
    }
  })
})

it('says in each type that a mutation needs a POST', async () => {
  const query = new URLSearchParams({ query: 'mutation { __typename }' })
  for (const [accept, type] of TABLE) {
    const headers = { accept: accept ?? '' }
    const { status, headers: received } = await app.fetch(`/graphql?${query}`, { headers })
    expect([status, received.get('allow'), received.get('content-type')]).toEqual([405, 'POST', type])
  }
})

it('refuses in JSON what GraphQL has not seen', async () => {
  for (const [accept, type] of TABLE) {
    const headers = { accept: accept ?? '', authorization: '' }
    const { status, headers: received } = await app.fetch('/graphql', { method: 'POST', headers, body: '{}' })
    expect([status, received.get('content-type')]).toEqual([401, type === NEW ? NEW : OLD])
  }
})
