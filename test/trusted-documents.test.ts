import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getIntrospectionQuery, parse, print } from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import { printManifest } from '../src/execution/trusted-documents.ts'
import { readOperations } from '../src/http/page/read-operations.ts'
import { startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { openStream } from './support/event-stream.ts'
import { takeErrors } from './support/request-ids.ts'

const FILES = readOperations()
const ONLY = { env: { TRUSTED_DOCUMENTS: 'only' } }
const PREFER = { env: { TRUSTED_DOCUMENTS: 'prefer' } }

const FIND_USER = FILES.find(({ file }) => file === 'find-user.graphql')?.document ?? ''
const ADA = { userId: '65a000000000000000000001' }
const PRINTED = print(parse(FIND_USER))
const ID = sha256(PRINTED)

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function post(app: TestApp, body: object, accept = 'application/graphql-response+json') {
  const headers = { 'content-type': 'application/json', accept }
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const { status, text } = response
  const errors = takeErrors(response.headers.get('x-request-id'), text)
  const { data } = JSON.parse(text)
  return { status, data, codes: errors.map((error: { extensions: object }) => error.extensions) }
}

const refused = (code: string) => ({ status: 400, data: undefined, codes: [{ code }] })

/** Every way in which clients name a document. */
const WAYS: readonly (readonly [string, object])[] = [
  ['documentId', { documentId: `sha256:${ID}` }],
  ['documentId without a prefix', { documentId: ID }],
  ["Apollo's extension", { extensions: { persistedQuery: { version: 1, sha256Hash: ID } } }],
  ['an id beside the document itself', { documentId: `sha256:${ID}`, query: PRINTED }],
]

describe.each([
  ['prefer', PREFER],
  ['only', ONLY],
])('TRUSTED_DOCUMENTS=%s', (_mode, options) => {
  it.each(WAYS)('runs a listed document by %s', async (_way, naming) => {
    await using app = await startApp(options)
    const { status, data } = await post(app, { ...naming, variables: ADA })
    expect([status, data.userMfa.__typename]).toEqual([200, 'UserMfa'])
  })

  it('runs a listed query by GET, and no listed mutation', async () => {
    await using app = await startApp(options)
    const variables = JSON.stringify(ADA)
    const read = await app.fetch(
      `/graphql?${new URLSearchParams({ documentId: `sha256:${ID}`, variables })}`,
      { headers: { accept: 'application/json, text/html' } },
    )
    expect(JSON.parse(read.text).data.userMfa.__typename).toBe('UserMfa')
    const mutation = FILES.find(({ file }) => file === 'switch-factors.graphql')?.document ?? ''
    const documentId = sha256(print(parse(mutation)))
    app.takeCalls()
    const write = await app.fetch(`/graphql?${new URLSearchParams({ documentId, variables })}`)
    expect(write.status).toBe(405)
    expect(app.takeCalls()).toEqual([])
  })

  it.each([
    ['an id that nobody lists', { documentId: `sha256:${sha256('{ __typename }')}` }, 'DOCUMENT_ID_UNKNOWN'],
    ['an id of another kind', { documentId: `custom:${CANARY.phone}` }, 'DOCUMENT_ID_UNKNOWN'],
    ['an id that is inherited', { documentId: '__proto__' }, 'DOCUMENT_ID_UNKNOWN'],
    ['an id in capitals', { documentId: ID.toUpperCase() }, 'DOCUMENT_ID_UNKNOWN'],
    ['an id beside another document', { documentId: ID, query: '{ __typename }' }, 'DOCUMENT_ID_MISMATCH'],
    [
      'two ids that differ',
      { documentId: ID, extensions: { persistedQuery: { version: 1, sha256Hash: sha256('') } } },
      'DOCUMENT_ID_MISMATCH',
    ],
    ['an id that is a number', { documentId: 5 }, 'BAD_REQUEST'],
    [
      'a hash of another version',
      { extensions: { persistedQuery: { version: 2, sha256Hash: ID } } },
      'BAD_REQUEST',
    ],
    ['neither', { variables: ADA }, 'BAD_REQUEST'],
    ['an empty document', { query: '' }, 'BAD_REQUEST'],
  ])('refuses %s, and asks GenAuth nothing', async (_kind, body, code) => {
    await using app = await startApp(options)
    expect(await post(app, { variables: ADA, ...body })).toEqual(refused(code))
    expect(app.takeCalls()).toEqual([])
  })
})

const isSubscription = (document: string) => /^subscription/m.test(document)

describe('TRUSTED_DOCUMENTS=only', () => {
  it.each(FILES)('runs $file by its text, as the page sends it', async ({ document, variables }) => {
    await using app = await startApp(ONLY)
    const sent = { query: document, variables: JSON.parse(variables) }
    if (isSubscription(document)) {
      for (const body of [sent, { documentId: sha256(document), variables: sent.variables }]) {
        const stream = await openStream(app, '', { body })
        expect([stream.status, stream.text]).toEqual([200, expect.not.stringContaining('DOCUMENT')])
        stream.abort()
      }
      return
    }
    expect(await post(app, sent)).toMatchObject({ status: 200, codes: [] })
    const compact = document.replaceAll(/#.*/g, '').replaceAll(/\s+/g, ' ')
    expect(await post(app, { ...sent, query: compact })).toMatchObject({ status: 200, codes: [] })
  })

  it.each([
    ['an edited document', FIND_USER.replace('posture', 'posture totpMfaEnabled')],
    ['a listed one with a second operation', `${FIND_USER}query Other { __typename }`],
    ['the smallest', '{ __typename }'],
    ['introspection', '{ __schema { queryType { name } } }'],
    ['the SDL of a gateway', '{ _service { sdl } }'],
    ['entities of a gateway', 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }'],
    ['what is not a document', `query { "${CANARY.phone}`],
    ['what is over the limit of tokens', `{ ${'a '.repeat(2_000)} }`],
  ])('refuses %s', async (_kind, query) => {
    await using app = await startApp(ONLY)
    expect(await post(app, { query, variables: ADA })).toEqual(refused('DOCUMENT_NOT_TRUSTED'))
    const old = await post(app, { query, variables: ADA }, 'application/json')
    expect(old.codes).toEqual([{ code: 'DOCUMENT_NOT_TRUSTED' }])
    expect(app.takeCalls()).toEqual([])
  })

  it("runs the page's own introspection while the page and introspection are on", async () => {
    const query = getIntrospectionQuery({ schemaDescription: true, inputValueDeprecation: true })
    for (const [GRAPHIQL, INTROSPECTION, isRun] of [
      ['on', 'on', true],
      ['off', 'on', false],
      ['on', 'off', false],
    ] as const) {
      await using app = await startApp({ env: { ...ONLY.env, GRAPHIQL, INTROSPECTION } })
      const { data, codes } = await post(app, { query })
      expect(codes).toEqual(isRun ? [] : [{ code: 'DOCUMENT_NOT_TRUSTED' }])
      expect(data !== undefined).toBe(isRun)
    }
  })

  it('asks for a token all the same', async () => {
    await using app = await startApp({ ...ONLY, claims: null })
    expect((await post(app, { documentId: ID, variables: ADA })).status).toBe(401)
  })
})

describe('TRUSTED_DOCUMENTS', () => {
  it('=prefer runs any other document too', async () => {
    await using app = await startApp(PREFER)
    expect((await post(app, { query: '{ __typename }' })).data).toEqual({ __typename: 'Query' })
  })

  it('unset knows no id, and holds ids to their documents', async () => {
    await using app = await startApp()
    expect(await post(app, { documentId: ID })).toEqual(refused('DOCUMENT_ID_UNKNOWN'))
    expect(await post(app, { documentId: ID, query: '{ __typename }' })).toEqual(
      refused('DOCUMENT_ID_MISMATCH'),
    )
    const query = '{ __typename }'
    const named = await post(app, { documentId: `sha256:${sha256(query)}`, query })
    expect(named.data).toEqual({ __typename: 'Query' })
  })
})

describe('a manifest of one’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trusted-documents-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let count = 0

  function write(text: string): string {
    const file = join(folder, `manifest-${count++}.json`)
    writeFileSync(file, text)
    return file
  }

  it('takes the place of the documents that come with the product', async () => {
    const document = '{ __typename }'
    const TRUSTED_DOCUMENTS_FILE = write(JSON.stringify({ [sha256(document)]: document }))
    await using app = await startApp({ env: { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE } })
    expect((await post(app, { documentId: sha256(document) })).data).toEqual({ __typename: 'Query' })
    expect((await post(app, { query: document })).data).toEqual({ __typename: 'Query' })
    expect(await post(app, { documentId: ID })).toEqual(refused('DOCUMENT_ID_UNKNOWN'))
    expect(await post(app, { query: FIND_USER })).toEqual(refused('DOCUMENT_NOT_TRUSTED'))
  })

  it('is still held to the limits of documents and to the rights of the caller', async () => {
    const deep = `{ usersMfa(users: []) ${'{ ... on UsersMfaSuccess { results '.repeat(12)} { __typename } ${'} }'.repeat(12)} }`
    const sets = FILES.map(({ document }) => document)
    const TRUSTED_DOCUMENTS_FILE = write(printManifest([deep, ...sets]))
    const env = { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE }
    await using app = await startApp({ env, claims: { scope: 'mfa:read' } })
    expect(await post(app, { query: deep })).toEqual(refused('LIMIT_EXCEEDED'))
    for (const { file, document, variables } of FILES) {
      if (isSubscription(document)) continue
      const { codes } = await post(app, { query: document, variables: JSON.parse(variables) })
      const isForbidden = /^mutation|mfaCoverage|history/m.test(document)
      expect([file, codes]).toEqual([file, isForbidden ? [{ code: 'FORBIDDEN' }] : []])
    }
  })

  it.each([
    ['that is missing', () => join(folder, 'canary-file.json'), 'cannot be read: there is no such file'],
    ['that is not JSON', () => write(`{ ${CANARY.phone}`), 'must be a JSON object of ids to documents'],
    ['that is a list', () => write('["{ __typename }"]'), 'must be a JSON object of ids to documents'],
    ['of something else', () => write('{"a":1}'), 'must be a JSON object of ids to documents'],
    ['of Apollo’s kind', () => write('{"version":1}'), 'must be a JSON object of ids to documents'],
    ['without a document', () => write('{}'), 'must list at least one document'],
    [
      'with the hash of another text',
      () => write(JSON.stringify({ [ID]: PRINTED, [sha256(CANARY.phone)]: '{ __typename }' })),
      'entry 2: the id must be the SHA-256 of the document',
    ],
    [
      'with what is not a document',
      () => write(JSON.stringify({ [`sha256:${sha256(CANARY.phone)}`]: CANARY.phone })),
      'entry 1: must be a GraphQL document',
    ],
  ])('%s keeps the server from starting', async (_kind, file, fault) => {
    const env = { TRUSTED_DOCUMENTS: 'prefer', TRUSTED_DOCUMENTS_FILE: file() }
    await expect(startApp({ env })).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [`TRUSTED_DOCUMENTS_FILE: ${fault}`],
    })
  })

  it('may begin with a byte order mark', async () => {
    const TRUSTED_DOCUMENTS_FILE = write(`\uFEFF${JSON.stringify({ [ID]: PRINTED })}`)
    await using app = await startApp({ env: { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE } })
    expect((await post(app, { query: PRINTED, variables: { userId: 'u' } })).codes).not.toContainEqual({
      code: 'DOCUMENT_NOT_TRUSTED',
    })
  })

  it('needs a mode that uses it', async () => {
    const TRUSTED_DOCUMENTS_FILE = write(JSON.stringify({ [ID]: PRINTED }))
    await expect(startApp({ env: { TRUSTED_DOCUMENTS_FILE } })).rejects.toMatchObject({
      faults: ['TRUSTED_DOCUMENTS: must be prefer or only with TRUSTED_DOCUMENTS_FILE'],
    })
  })
})
