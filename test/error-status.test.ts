import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { OwnErrorCode } from '../src/execution/error-codes.ts'
import { type StartAppOptions, startApp } from './support/app.ts'

const doc = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const NEW = 'application/graphql-response+json'
const JSON_TYPE = { 'content-type': 'application/json' }
const SET =
  'mutation { setUserMfaStatus(input: { userId: "65a000000000000000000001", enable: [FACE] }) { __typename } }'

interface Case {
  readonly options?: StartAppOptions
  /** The body of a request that comes before. */
  readonly bodyBefore?: object
  readonly path?: string
  readonly init?: RequestInit
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

/**
 * A request that ends in each code, so that the list of codes has none that nobody throws. `OVERLOADED` takes many
 * requests in flight, which `overload.test.ts` has. Two codes come with subscriptions alone, which
 * `user-mfa-changed.test.ts` has.
 */
const CASES: Readonly<
  Record<Exclude<OwnErrorCode, 'OVERLOADED' | 'TOO_MANY_STREAMS' | 'USER_NOT_FOUND'>, Case>
> = {
  AUTHENTICATION_UNAVAILABLE: { options: { issuerFault: 'DOWN' }, body: { query: '{ __typename }' } },
  DEADLINE_EXCEEDED: {
    options: { issuerFault: 'SLOW' },
    headers: { 'x-request-deadline-ms': '50' },
    body: { query: '{ __typename }' },
  },
  ORIGIN_NOT_ALLOWED: { init: { method: 'OPTIONS' }, headers: { origin: 'https://other.example' } },
  NOT_ACCEPTABLE: { headers: { accept: 'text/csv' }, body: { query: '{ __typename }' } },
  TOO_MANY_REFUSALS: {
    options: { env: { REFUSED_REQUESTS_PER_MINUTE: '1' } },
    bodyBefore: {},
    body: { query: '{ __typename }' },
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    body: { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
  },
  UNAUTHENTICATED: { options: { claims: null }, body: { query: '{ __typename }' } },
  FORBIDDEN: { options: { claims: { scope: 'mfa:read' } }, body: { query: SET } },
  NOT_FOUND: { path: '/nope', body: {} },
  FEATURE_OFF: { path: '/exports/mfa-coverage/any.csv', init: { method: 'GET' } },
  STORE_UNAVAILABLE: {
    options: { env: { STORE_URL: 'file:/no-such-folder/store.db' } },
    path: '/exports/mfa-coverage/any.csv',
    init: { method: 'GET' },
  },
  METHOD_NOT_ALLOWED: { init: { method: 'PUT' } },
  UNSUPPORTED_MEDIA_TYPE: { init: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' } },
  PAYLOAD_TOO_LARGE: { body: { query: 'x'.repeat(70_000) } },
  BAD_REQUEST: { body: {} },
  DOCUMENT_ID_MISMATCH: { body: { query: '{ __typename }', documentId: 'x' } },
  DOCUMENT_ID_UNKNOWN: { body: { documentId: 'x' } },
  DOCUMENT_NOT_TRUSTED: {
    options: { env: { TRUSTED_DOCUMENTS: 'only' } },
    body: { query: '{ __typename }' },
  },
  LIMIT_EXCEEDED: { body: { query: `${SET.slice(0, -1)} b: ${SET.slice(SET.indexOf('setUser'))}` } },
  GRAPHQL_PARSE_FAILED: { body: { query: '{' } },
  GRAPHQL_VALIDATION_FAILED: { body: { query: '{ nothing }' } },
  INTROSPECTION_DISABLED: {
    options: { env: { INTROSPECTION: 'off' } },
    body: { query: '{ __schema { description } }' },
  },
  OPERATION_RESOLUTION_FAILURE: { body: { query: 'query A { __typename } query B { __typename }' } },
  BAD_USER_INPUT: {
    body: {
      query: 'query ($id: String!) { userMfa(userId: $id) { __typename } }',
      variables: { id: 5 },
    },
  },
  APPLICATION_NOT_FOUND: {
    body: {
      query:
        '{ userMfa(userId: "65a000000000000000000001") { ... on UserMfa { forecast(applicationId: "x") { verdict } } } }',
    },
  },
  AUDIT_UNAVAILABLE: {
    options: {
      onJournalLines: async lines => {
        if (lines.includes('"intent"')) throw new Error('No space left')
      },
    },
    body: { query: SET },
  },
}

function statusesOf(code: string): { newType: number; oldType: number } {
  const [, status = '', star] = new RegExp(`^\\| \`${code}\` \\| (\\d+)(\\*?) \\|`, 'm').exec(doc) ?? []
  return { newType: Number(status), oldType: star === '*' ? 200 : Number(status) }
}

describe('docs/errors.md tells the status of', () => {
  it.each(Object.entries(CASES))('%s', async (code, wanted) => {
    const { options, bodyBefore, path = '/graphql', init, headers: given, body } = wanted
    await using app = await startApp(options)
    const post = (sent: unknown) => ({ method: 'POST', headers: JSON_TYPE, body: JSON.stringify(sent) })
    if (bodyBefore !== undefined) await app.fetch(path, post(bodyBefore))
    const send = async (accept: string) => {
      const request = init ?? post(body)
      const headers = { ...Object.fromEntries(new Headers(request.headers)), accept, ...given }
      const { status, text } = await app.fetch(path, { ...request, headers })
      return [status, JSON.parse(text).errors[0].extensions.code]
    }
    const { newType, oldType } = statusesOf(code)
    expect(await send(NEW)).toEqual([newType, code])
    expect(await send('application/json')).toEqual([oldType, code])
  })

  it('a mutation by GET', async () => {
    await using app = await startApp()
    const { status, text } = await app.fetch(`/graphql?${new URLSearchParams({ query: SET })}`)
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([405, 'BAD_REQUEST'])
    expect(doc).toContain('405 for a mutation by GET')
  })
})
