import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const FIND = 'query ($id: String!) { userMfa(userId: $id) { __typename } }'

let app: TestApp
let only: TestApp
beforeAll(async () => {
  app = await startApp({ env: { INTROSPECTION: 'off', METRICS_PORT: '0' } })
  only = await startApp({ env: { TRUSTED_DOCUMENTS: 'only' } })
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await only[Symbol.asyncDispose]()
})

const post = (body: unknown) => ({
  method: 'POST',
  headers: JSON_TYPE,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

async function messageOf(path: string, init: RequestInit, to = app): Promise<string> {
  const { text } = await to.fetch(path, init)
  return JSON.parse(text).errors[0].message
}

describe('a refusal names the field or the setting, and what to do', () => {
  it.each<[what: string, path: string, init: RequestInit, told: string]>([
    [
      'another path',
      '/nope',
      {},
      'There is nothing at this path. This port answers at /graphql, /health, /ready.',
    ],
    ['no document', '/graphql', post({}), 'Send a document in query, or the id of one in documentId.'],
    [
      'a document that is none',
      '/graphql',
      post({ query: 1 }),
      'The GraphQL parameter query must be a string.',
    ],
    [
      'a list of variables',
      '/graphql',
      post({ query: FIND, variables: [] }),
      'The GraphQL parameter variables must be a JSON object.',
    ],
    [
      'a hash of another version',
      '/graphql',
      post({ extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } }),
      'The GraphQL parameter extensions must be a JSON object; its persistedQuery has version 1 and a sha256Hash.',
    ],
    [
      'a parameter that nobody knows',
      '/graphql',
      post({ query: FIND, key: 1 }),
      'GraphQL parameters are a JSON object of query, documentId, operationName, variables, extensions, and no other.',
    ],
    ['a body that is no JSON', '/graphql', post('{'), 'The body is not valid JSON.'],
    [
      'variables in a URL that are no JSON',
      `/graphql?${new URLSearchParams({ query: FIND, variables: '{' })}`,
      {},
      'The parameter variables is not valid JSON.',
    ],
    [
      'a key twice',
      '/graphql',
      post('{"query":"{a}","variables":{"a":1,"a":2}}'),
      'The JSON of the body has a key twice in one object. Send each key once.',
    ],
    [
      'JSON that is nested too deep',
      '/graphql',
      post(`{"query":${'['.repeat(70)}${']'.repeat(70)}}`),
      'The JSON of the body is nested too deep: at most 64 levels.',
    ],
    ['a parameter twice', '/graphql?query=a&query=b', {}, 'The URL has a parameter twice. Send each once.'],
    [
      'too long a body',
      '/graphql',
      post(' '.repeat(70_000)),
      'The body must have at most 65536 bytes. Send it in parts, as fewer users at a time.',
    ],
    [
      'an id that nobody lists',
      '/graphql',
      post({ documentId: 'a'.repeat(64) }),
      'No trusted document has this id. Add the document to the manifest. Or send its text in query.',
    ],
    [
      'an id of another document',
      '/graphql',
      post({ query: FIND, documentId: 'a'.repeat(64) }),
      'The document ids differ, or are not of the document sent. Send one: the SHA-256 of the document.',
    ],
    [
      'a document over a limit',
      '/graphql',
      post({ query: `{ ${'a '.repeat(60)} }` }),
      'The document exceeds the limit of 50 places of a field. Make it smaller, or send it in parts.',
    ],
    [
      'introspection where it is off',
      '/graphql',
      post({ query: '{ __schema { __typename } }' }),
      'This server does not publish its schema. Take schema.graphql from its package, or set INTROSPECTION=on.',
    ],
    [
      'two operations without a name',
      '/graphql',
      post({ query: 'query A { __typename } query B { __typename }' }),
      'Could not determine what operation to execute. Send one operation, or name one of the document in operationName.',
    ],
  ])('%s', async (_what, path, init, told) => {
    expect(await messageOf(path, init)).toBe(told)
  })

  it('a document that is not listed, where only trusted ones run', async () => {
    expect(await messageOf('/graphql', post({ query: FIND }), only)).toBe(
      'This server runs trusted documents only. Send one of its manifest, or add this one.',
    )
    expect(await messageOf('/graphql', post({ documentId: 'a'.repeat(64) }), only)).toBe(
      'No trusted document has this id. Add the document to the manifest.',
    )
  })

  it('another path of the port for metrics', async () => {
    const { errors }: Json = await (await fetch(`${app.metricsUrl}x`)).json()
    expect(errors[0].message).toBe('There is nothing at this path. This port answers at /metrics.')
  })
})
