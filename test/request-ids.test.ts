import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'

const ID = 'front-end:4711'
const JSON_TYPE = { 'content-type': 'application/json' }
const NEVER = 'https://evil.example'

let app: TestApp
beforeAll(async () => {
  const env = { METRICS_PORT: '0', CORS_ORIGINS: 'https://console.example.com', TRUSTED_DOCUMENTS: 'prefer' }
  app = await startApp({ env, claims: { scope: 'mfa:read' } })
})
afterAll(() => app[Symbol.asyncDispose]())

const post = (body: unknown, headers = {}) => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const ofQuery = (query: string, headers = {}) => post({ query }, headers)

/** One refusal of each stage that a request passes: what, its path, the request, and how many errors at least. */
const REFUSALS: readonly (readonly [
  what: string,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string },
  errors: number,
])[] = [
  ['another path', '/nope', {}, 1],
  ['another method', '/graphql', { method: 'DELETE' }, 1],
  ['a type that nobody can give', '/graphql', ofQuery('{ __typename }', { accept: 'text/csv' }), 1],
  ['another content type', '/graphql', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b' } }, 1],
  ['too long a body', '/graphql', post(' '.repeat(70_000)), 1],
  ['no JSON', '/graphql', post('{'), 1],
  ['a batch', '/graphql', post([]), 1],
  ['no parameters', '/graphql', post({}), 1],
  ['a token that is none', '/graphql', ofQuery('{ __typename }', { authorization: 'Bearer x' }), 1],
  [
    'a page of another origin',
    '/graphql',
    { method: 'OPTIONS', headers: { origin: NEVER, 'access-control-request-method': 'POST' } },
    1,
  ],
  ['the SDL without a token', '/schema.graphql', { headers: { authorization: 'Bearer x' } }, 1],
  ['an id that nobody lists', '/graphql', post({ documentId: 'a'.repeat(64) }), 1],
  [
    'a hash without its text',
    '/graphql',
    post({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }),
    1,
  ],
  ['what does not parse', '/graphql', ofQuery('{'), 1],
  ['a document over its limits', '/graphql', ofQuery(`{ ${'a{'.repeat(40)}`), 1],
  ['a document that does not fit the schema', '/graphql', ofQuery('{ a b c }'), 3],
  ['two operations without a name', '/graphql', ofQuery('query A { __typename } query B { __typename }'), 1],
  ['a mutation by GET', `/graphql?query=${encodeURIComponent('mutation { __typename }')}`, {}, 1],
  [
    'variables that do not fit',
    '/graphql',
    post({
      query:
        'query ($a: String!, $b: String!) { a: userMfa(userId: $a) { __typename } b: userMfa(userId: $b) { __typename } }',
    }),
    2,
  ],
  [
    'a variable that is null',
    '/graphql',
    post({
      query: 'query ($t: UserIdType) { userMfa(userId: "u", userIdType: $t) { __typename } }',
      variables: { t: null },
    }),
    1,
  ],
  [
    'a scope that is missing',
    '/graphql',
    ofQuery('mutation { setUserMfaStatus(input: { userId: "u", enable: [SMS] }) { __typename } }'),
    1,
  ],
  [
    'entities that are not there, with others that are',
    '/graphql',
    ofQuery(
      '{ _entities(representations: [{ __typename: "User", id: "" }, { __typename: "User", id: " " }]) { ... on User { mfa { phone } } } }',
    ),
    2,
  ],
]

describe.each([
  'application/json',
  'application/graphql-response+json',
  'multipart/mixed',
  'text/event-stream',
])('to a client that accepts %s', accept => {
  it.each(REFUSALS)('%s names its request in each of its errors', async (_what, path, init, count) => {
    for (const requestId of [ID, undefined]) {
      const headers = {
        accept,
        authorization: app.authorization,
        ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
        ...init.headers,
      }
      const response = await fetch(`${app.url}${path}`, { ...init, headers })
      const text = await response.text()
      const body = /(\{"(?:data|errors)".*\})/.exec(text)?.[1] ?? expect.fail(text)
      const { errors } = JSON.parse(body)
      expect(errors.length).toBeGreaterThanOrEqual(count)
      const named = response.headers.get('x-request-id')
      expect(named).toMatch(requestId ?? /^[0-9a-f-]{36}$/)
      expect(errors.map(({ extensions }: Json) => extensions.requestId)).toEqual(errors.map(() => named))
      for (const { extensions } of errors) expect(Object.keys(extensions)).toEqual(['code', 'requestId'])
    }
  })
})

it('two requests that are at fault for the same document each name their own', async () => {
  const ask = async (id: string) => {
    const { text } = await app.fetch('/graphql', ofQuery('{ nope }', { 'x-request-id': id }))
    return JSON.parse(text).errors[0].extensions.requestId
  }
  expect(await Promise.all(['first', 'second', 'third'].map(ask))).toEqual(['first', 'second', 'third'])
})

it('a refusal of the metrics port names its request, too', async () => {
  const { headers, body } = await request(`${app.metricsUrl}x`, { headers: { 'x-request-id': ID } })
  const { errors } = (await body.json()) as Json
  expect([headers['x-request-id'], errors[0].extensions]).toEqual([ID, { code: 'NOT_FOUND', requestId: ID }])
})
