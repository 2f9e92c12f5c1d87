import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { takeErrors } from './support/request-ids.ts'

const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } }
const TYPENAME = JSON.stringify({ query: '{ __typename }' })
const KILOBYTES_64 = 64 * 1024

describe('the edge', () => {
  it.each([
    ['another content type', { 'content-type': 'text/plain' }, TYPENAME, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'query=%7B__typename%7D',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a multipart form',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x--',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a bare document',
      { 'content-type': 'application/graphql' },
      '{ __typename }',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another charset',
      { 'content-type': 'application/json; charset=latin1' },
      TYPENAME,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a compressed body', { 'content-encoding': 'gzip' }, TYPENAME, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body over 64 KB', {}, `"${'x'.repeat(KILOBYTES_64)}"`, 413, 'PAYLOAD_TOO_LARGE'],
    ['an empty body', {}, '', 400, 'BAD_REQUEST'],
    ['a body that is not JSON', {}, `{"query": ${CANARY.mfaToken}`, 400, 'BAD_REQUEST'],
    ['a body that is not UTF-8', {}, Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400, 'BAD_REQUEST'],
    ['null', {}, 'null', 400, 'BAD_REQUEST'],
    ['a string', {}, `"${CANARY.phone}"`, 400, 'BAD_REQUEST'],
    ['a batch', {}, `[${TYPENAME}]`, 400, 'BAD_REQUEST'],
    [
      'a parameter that does not exist',
      {},
      `{"query":"{ __typename }","${CANARY.mfaToken}":1}`,
      400,
      'BAD_REQUEST',
    ],
    ['no query', {}, '{}', 400, 'BAD_REQUEST'],
    ['variables that are a list', {}, '{"query":"{ __typename }","variables":[1]}', 400, 'BAD_REQUEST'],
  ])('refuses %s, and the next good request works', async (_kind, headers, body, status, code) => {
    await using app = await startApp()
    const refused = await app.fetch('/graphql', {
      method: 'POST',
      headers: { ...JSON_POST.headers, ...headers },
      body,
    })
    expect(refused.status).toBe(status)
    expect(takeErrors(refused.headers.get('x-request-id'), refused.text)).toEqual([
      { message: expect.any(String), extensions: { code } },
    ])
    expect(refused.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect((await app.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' })
    expect(app.takeCalls()).toEqual([])
  })

  it('stops reading a body that has no length once it is over 64 KB', async () => {
    await using app = await startApp()
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...JSON_POST.headers, authorization: app.authorization }
      const sent = httpRequest(`${app.url}/graphql`, { method: 'POST', headers }, response => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.write(' '.repeat(KILOBYTES_64 + 1))
    })
    expect(status).toBe(413)
  })

  it.each([
    ['GET', '/graphiql'],
    ['GET', '/metrics'],
    ['GET', '//graphql'],
  ])('answers 404 to %s %s', async (method, path) => {
    await using app = await startApp()
    const { status, text } = await app.fetch(path, { method })
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND'])
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('answers 405 to %s', async method => {
    await using app = await startApp()
    const { status, headers } = await app.fetch('/graphql', { method })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect([...headers.keys()].filter(name => name.startsWith('access-control-'))).toEqual([])
  })

  it('takes a query by GET, and no mutation', async () => {
    await using app = await startApp()
    const query = 'query ($id: String!) { userMfa(userId: $id) { __typename } }'
    const variables = JSON.stringify({ id: '65a000000000000000000001' })
    const read = await app.fetch(`/graphql?${new URLSearchParams({ query, variables })}`)
    expect(JSON.parse(read.text)).toEqual({ data: { userMfa: { __typename: 'UserMfa' } } })
    const mutation = 'mutation { setUserMfaStatus(input: { userId: "u", factors: [] }) { __typename } }'
    const write = await app.fetch(`/graphql?${new URLSearchParams({ query: mutation })}`)
    expect(write.status).toBe(405)
    const broken = await app.fetch(`/graphql?${new URLSearchParams({ query, variables: CANARY.mfaToken })}`)
    expect(broken.status).toBe(400)
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })

  it('says so of a client that left, and takes it for no fault', async () => {
    await using app = await startApp()
    const { hostname, port } = new URL(app.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${app.authorization}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`,
    )
    // By the response to a later request the server has read this one so far.
    expect((await app.fetch('/health')).status).toBe(200)
    socket.destroy()
    await expect
      .poll(() => app.log.some(line => line.msg === 'request' && line.aborted), { timeout: 10_000 })
      .toBe(true)
    expect(app.log.filter(line => line.level === 'error')).toEqual([])
    expect(app.log.find(line => line.msg === 'request' && line.aborted)).not.toHaveProperty('status')
  })

  it('closes the connection of a body that it has not read', async () => {
    await using app = await startApp()
    const body = 'x'.repeat(KILOBYTES_64 + 1)
    const { headers } = await app.fetch('/graphql', { ...JSON_POST, body })
    expect(headers.get('connection')).toBe('close')
  })

  it('says that it is alive', async () => {
    await using app = await startApp()
    const { status, text, headers } = await app.fetch('/health')
    expect([status, text, headers.get('cache-control')]).toEqual([200, '{"status":"ok"}', 'no-store'])
    expect((await app.fetch('/health', { method: 'HEAD' })).status).toBe(200)
  })

  it('keeps a request id that is one, and mints another for anything else', async () => {
    await using app = await startApp()
    const idFor = async (id: string) => {
      const headers = { ...JSON_POST.headers, 'x-request-id': id }
      const query = `{ userMfa(userId: " ") { ... on MfaError { requestId } } }`
      const answer = await app.fetch('/graphql', { ...JSON_POST, headers, body: JSON.stringify({ query }) })
      const { requestId } = JSON.parse(answer.text).data.userMfa
      expect(answer.headers.get('x-request-id')).toBe(requestId)
      return requestId
    }
    expect(await idFor('trace.1:2-3_4')).toBe('trace.1:2-3_4')
    for (const other of ['a b', 'x'.repeat(129), '<script>'])
      expect(await idFor(other)).toMatch(/^[\w-]{36}$/)
  })

  it('logs one line for each request: names and numbers, no document and no variable', async () => {
    await using app = await startApp()
    const document = `query FindOne($id: String!) { userMfa(userId: $id, userIdType: PHONE) { __typename } }`
    await app.graphql(document, { id: CANARY.phone })
    await app.graphql('{ nonsense }')
    await expect.poll(() => app.log.filter(line => line.msg === 'request').length).toBe(2)
    const [first, second] = app.log.filter(line => line.msg === 'request')
    expect(first).toEqual({
      level: 'info',
      time: expect.any(String),
      requestId: expect.any(String),
      method: 'POST',
      status: 200,
      operation: 'query',
      operationName: 'FindOne',
      clientAddress: '127.0.0.1',
      callerIssuer: app.issuer.env.AUTH_ISSUER,
      callerHash: expect.stringMatching(/^[\da-f]{32}$/),
      durationMs: expect.any(Number),
      msg: 'request',
    })
    expect(second).toMatchObject({ status: 400, errorCodes: ['GRAPHQL_VALIDATION_FAILED'] })
  })
})

describe('an error', () => {
  it.each([
    [
      'a string that never ends',
      `{ userMfa(userId: "${CANARY.phone}) { __typename } }`,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['a string in a wrong place', `{ userMfa "${CANARY.phone}" }`, 'GRAPHQL_PARSE_FAILED'],
    ['a number in a wrong place', `{ userMfa ${CANARY.phone} }`, 'GRAPHQL_PARSE_FAILED'],
    ['a character that is none', '{ userMfa # \n \u0007 }', 'GRAPHQL_PARSE_FAILED'],
    [
      'a literal of the wrong type',
      `{ userMfa(userId: ${CANARY.phone}) { __typename } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an object for a string',
      `{ userMfa(userId: { a: "${CANARY.phone}" }) { __typename } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a string for an enum',
      `{ userMfa(userId: "u", userIdType: "${CANARY.phone}") { __typename } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['an unknown field', '{ helo }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing argument', '{ userMfa { __typename } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'fragments in a circle',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a subscription', 'subscription { x }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two operations without a name',
      'query A { __typename } query B { __typename }',
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ])('for %s has a stable code and repeats no value', async (_kind, document, code) => {
    await using app = await startApp()
    const { status, data, errors } = await app.graphql(document)
    expect([status, data]).toEqual([400, undefined])
    expect(errors.length).toBeGreaterThan(0)
    for (const error of errors) expect(error.extensions).toEqual({ code })
  })

  it.each([
    ['a value of the wrong type', { userId: [CANARY.phone] }],
    ['an enum value that does not exist', { userId: 'u', userIdType: CANARY.email }],
    ['a field that does not exist', { userId: 'u', [CANARY.mfaToken]: CANARY.mfaToken }],
    ['a list in place of an object', [CANARY.phone]],
    ['nothing', undefined],
  ])('in a variable for %s names the place and repeats no value', async (_kind, user) => {
    await using app = await startApp()
    const document = 'query ($user: UserRefInput!) { usersMfa(users: [$user]) { __typename } }'
    const { status, errors } = await app.graphql(document, { user })
    expect(status).toBe(400)
    expect(errors.length).toBeGreaterThan(0)
    for (const { message, extensions } of errors) {
      expect(message).toMatch(/^Variable "\$user" is not valid at "user[\w.]*": /)
      expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
    }
  })
})

it('names twenty faults at most, however many a body holds', async () => {
  await using app = await startApp()
  const document =
    'query ($a: [UserRefInput!]!, $b: [UserRefInput!]!) { a: usersMfa(users: $a) { __typename } }'
  const many = Array(10_000).fill(1)
  const { status, errors } = await app.graphql(
    document.replace('{ a:', '{ b: usersMfa(users: $b) { __typename } a:'),
    {
      a: many.slice(0, 15),
      b: many,
    },
  )
  expect([status, errors.length]).toEqual([400, 20])
  await expect
    .poll(() => app.log.find(line => line.msg === 'request')?.errorCodes)
    .toEqual(['BAD_USER_INPUT'])
})

describe('a server without introspection', () => {
  it.each([
    '{ __schema { types { name } } }',
    '{ __type(name: "User") { name } }',
    '{ _service { sdl } }',
    '{ ...F } fragment F on Query { s: _service { sdl } }',
  ])('refuses %s', async document => {
    await using app = await startApp({ env: { INTROSPECTION: 'off' } })
    const { status, errors } = await app.graphql(document)
    expect(status).toBe(400)
    expect(errors[0]).toMatchObject({ extensions: { code: 'INTROSPECTION_DISABLED' } })
  })

  it('still answers __typename, queries and entities', async () => {
    await using app = await startApp({ env: { NODE_ENV: 'production', AUDIT_LOG: 'stdout' } })
    const { data } = await app.graphql(
      `{ __typename _entities(representations: [{ __typename: "User", id: "65a000000000000000000001" }]) { __typename } }`,
    )
    expect(data).toEqual({ __typename: 'Query', _entities: [{ __typename: 'User' }] })
  })
})
