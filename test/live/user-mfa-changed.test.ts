import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from '../support/app.ts'
import { openStream, type TestStream } from '../support/event-stream.ts'
import { failing, ok, startFakeGenAuth, triggerData } from '../support/fake-genauth.ts'

const ADA = '65a000000000000000000001'
const GRACE = '65a000000000000000000002'
const NOBODY = '65a0000000000000000fffff'

const WATCH = `subscription ($users: [UserRefInput!]) {
  userMfaChanged(users: $users) { at hint revision applicationId user { id } }
}`
const SHOW = `subscription ($users: [UserRefInput!]) {
  userMfaChanged(users: $users) { revision user { id mfa { revision factors { code enabled } } } }
}`
const SET = `mutation ($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) {
    __typename
    ... on SetUserMfaStatusSuccess { changed userMfa { revision } }
    ... on MfaError { code }
  }
}`
const POOL =
  'mutation { setMfaPoolPolicy(input: { enabledFactors: [SMS, OTP], allowNoFactor: true }) { __typename } }'

const ada = { users: [{ userId: ADA }] }

async function set(app: TestApp, userId: string, change: Json): Promise<Json> {
  const { data } = await app.graphql(SET, { input: { userId, ...change } })
  return data.setUserMfaStatus
}

/** The codes of the errors of a stream that has ended with them. */
async function codesOf(stream: TestStream): Promise<Json> {
  await stream.closed
  return stream.status === 200
    ? stream.results.map(({ errors }) => errors[0].extensions.code)
    : JSON.parse(stream.text).errors.map((error: Json) => error.extensions.code)
}

describe('a subscription to changes of users', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ env: { METRICS_PORT: '0', STREAMS_PER_CALLER: '100' } })
  })
  afterAll(() => app[Symbol.asyncDispose]())
  // Each story changes them, in any order.
  beforeEach(async () => {
    await set(app, ADA, { enable: ['SMS'], disable: ['FACE', 'EMAIL'] })
    await set(app, GRACE, { disable: ['OTP'] })
    app.takeCalls()
  })

  it('begins with nothing, and then tells of each change of its users, once it is on record', async () => {
    const stream = await openStream(app, WATCH, { variables: ada })
    expect([stream.status, stream.headers['content-type'], stream.text]).toEqual([
      200,
      'text/event-stream',
      ':\n\n',
    ])
    expect(app.takeCalls()).toEqual(['get-user'])
    await set(app, GRACE, { enable: ['OTP'] })
    const { userMfa } = await set(app, ADA, { enable: ['FACE'] })
    expect(await stream.next()).toEqual({
      data: {
        userMfaChanged: {
          at: expect.stringMatching(/^20.*Z$/),
          hint: 'SET_BY_THIS_SERVICE',
          revision: userMfa.revision,
          applicationId: null,
          user: { id: ADA },
        },
      },
    })
    const [outcome] = app.journal.filter(({ kind }) => kind === 'outcome').slice(-1)
    expect(outcome.outcome).toBe('APPLIED')
    stream.abort()
  })

  it('tells nothing of what changes nothing, of previews and of refusals', async () => {
    const stream = await openStream(app, WATCH, { variables: ada })
    await set(app, ADA, { enable: ['SMS'] })
    await set(app, ADA, { enable: ['EMAIL'], dryRun: true })
    await set(app, ADA, { factors: [] })
    const { userMfa } = await set(app, ADA, { enable: ['EMAIL'] })
    expect((await stream.next()).data.userMfaChanged.revision).toBe(userMfa.revision)
    stream.abort()
  })

  it('reads the state anew for each event, in the time of an operation', async () => {
    const stream = await openStream(app, SHOW, { variables: ada })
    for (const change of [{ enable: ['FACE'] }, { disable: ['FACE'] }]) {
      const { userMfa, ...rest } = await set(app, ADA, change)
      expect(rest).toEqual({ __typename: 'SetUserMfaStatusSuccess', changed: true })
      const { revision, user } = (await stream.next()).data.userMfaChanged
      expect([revision, user.mfa.revision]).toEqual([userMfa.revision, userMfa.revision])
    }
    stream.abort()
  })

  it('tells everybody of policies, without a user', async () => {
    const stream = await openStream(app, WATCH, { variables: ada })
    await app.graphql(POOL)
    expect((await stream.next()).data.userMfaChanged).toMatchObject({
      hint: 'POOL_POLICY',
      user: null,
      revision: null,
    })
    stream.abort()
  })

  it('tells of all users if it names none', async () => {
    const stream = await openStream(app, WATCH, { method: 'GET' })
    expect(await set(app, GRACE, { enable: ['OTP'] })).toMatchObject({ changed: true })
    expect((await stream.next()).data.userMfaChanged.user).toEqual({ id: GRACE })
    stream.abort()
  })

  it('has a line in the log when it is over, and not before', async () => {
    const stream = await openStream(app, WATCH, { headers: { 'x-request-id': 'the-stream' } })
    await set(app, GRACE, { enable: ['OTP'] })
    await stream.next()
    const line = () => app.log.find(({ msg, requestId }) => msg === 'request' && requestId === 'the-stream')
    expect(line()).toBeUndefined()
    stream.abort()
    await expect.poll(line).toMatchObject({
      operation: 'subscription',
      streamEnd: 'CLIENT_LEFT',
      events: 1,
      durationMs: expect.any(Number),
    })
  })

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'a user whom GenAuth does not know',
      { users: [{ userId: ADA }, { userId: NOBODY }] },
      ['USER_NOT_FOUND'],
    ],
    ['no user in its list', { users: [] }, ['INVALID_INPUT']],
    ['51 users', { users: Array.from({ length: 51 }, () => ({ userId: ADA })) }, ['INVALID_INPUT']],
    ['an identifier with a fault', { users: [{ userId: ' ' }] }, ['INVALID_INPUT']],
  ])('ends with one error for %s', async (_what, variables, codes) => {
    const stream = await openStream(app, WATCH, { variables })
    expect(await codesOf(stream)).toEqual(codes)
    expect([stream.results.length, stream.isComplete]).toEqual([1, true])
  })

  it('names the user at fault by the place, and not by the identifier', async () => {
    const stream = await openStream(app, WATCH, {
      variables: { users: [{ userId: ADA }, { userId: NOBODY }] },
    })
    expect((await stream.next()).errors[0].message).toMatch(/^users\[1\]: /)
    expect(stream.text).not.toContain(NOBODY)
  })

  it.each<[string, string, string]>([
    [
      'two root fields',
      'subscription { a: userMfaChanged { at } b: userMfaChanged { at } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a name of its type', 'subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection', 'subscription { __schema { description } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a field that may be left out',
      'subscription ($s: Boolean = true) { userMfaChanged @skip(if: $s) { at } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['no field', 'subscription { userMfaChanged @include(if: false) { at } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a deferred part',
      'subscription { userMfaChanged { at ... @defer { hint } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too many levels',
      `subscription { userMfaChanged { ${'user { mfa { '.repeat(6)} id ${'} }'.repeat(6)} } }`,
      'LIMIT_EXCEEDED',
    ],
  ])('is refused with %s', async (_what, query, code) => {
    const stream = await openStream(app, query)
    expect(await codesOf(stream)).toEqual([code])
    expect(app.takeCalls()).toEqual([])
  })

  it('is refused in a batch', async () => {
    const stream = await openStream(app, '', { body: [{ query: WATCH }] })
    expect([stream.status, await codesOf(stream)]).toEqual([400, ['BAD_REQUEST']])
  })

  it.each(['application/json', 'application/graphql-response+json', 'multipart/mixed'])(
    'is refused as %s before anything is asked',
    async accept => {
      const stream = await openStream(app, WATCH, { variables: ada, headers: { accept } })
      expect([stream.status, await codesOf(stream), app.takeCalls()]).toEqual([406, ['NOT_ACCEPTABLE'], []])
    },
  )
})

describe('the scopes of a subscription', () => {
  it.each<[string, Record<string, unknown>, string | null]>([
    ['mfa:read', ada, null],
    ['mfa:read', {}, 'You need the `mfa:report` scope.'],
    ['mfa:read', { users: null }, 'You need the `mfa:report` scope.'],
    ['mfa:report', {}, null],
    ['mfa:report', ada, 'You need the `mfa:read` scope.'],
    ['mfa:policy', {}, 'You need the `mfa:report` scope.'],
  ])('are: with %s and %j, %j', async (scope, variables, message) => {
    await using app = await startApp({ claims: { scope } })
    const stream = await openStream(
      app,
      'subscription ($users: [UserRefInput!]) { userMfaChanged(users: $users) { hint } }',
      { variables },
    )
    if (message === null) expect(stream.text).toBe(':\n\n')
    else expect((await stream.next()).errors[0]).toMatchObject({ message, extensions: { code: 'FORBIDDEN' } })
    stream.abort()
  })

  it('leave out the user where only reports are allowed', async () => {
    await using app = await startApp({ claims: { scope: 'mfa:report mfa:policy' } })
    const stream = await openStream(app, WATCH)
    await app.graphql(POOL)
    const { data, errors } = await stream.next()
    expect(data.userMfaChanged.user).toBe(null)
    expect(errors[0]).toMatchObject({ path: ['userMfaChanged', 'user'], extensions: { code: 'FORBIDDEN' } })
    stream.abort()
  })

  it('do not help a token that has ended', async () => {
    await using app = await startApp({ claims: { exp: Math.floor(Date.now() / 1_000) - 60 } })
    const stream = await openStream(app, WATCH)
    expect([stream.status, await codesOf(stream)]).toEqual([401, ['UNAUTHENTICATED']])
  })
})

describe('the limits of streams', () => {
  it('are 5 of a caller: a sixth is refused, a query is not, and one that ends makes room', async () => {
    await using app = await startApp({ env: { METRICS_PORT: '0' } })
    const streams = await Promise.all([1, 2, 3, 4, 5].map(() => openStream(app, WATCH)))
    const sixth = await openStream(app, WATCH, { variables: ada })
    expect([sixth.status, await codesOf(sixth), app.takeCalls()]).toEqual([429, ['TOO_MANY_STREAMS'], []])
    expect((await set(app, ADA, { enable: ['FACE'] })).changed).toBe(true)
    expect(await app.metrics()).toMatchObject({
      event_streams: 5,
      requests_in_flight: 0,
      requests_under_way: 5,
    })
    streams[2]?.abort()
    await expect.poll(async () => (await app.metrics())['event_streams']).toBe(4)
    const next = await openStream(app, WATCH)
    expect(next.status).toBe(200)
  })

  it('are 200 of a process: the one after them is refused', async () => {
    await using app = await startApp({ env: { STREAMS_PER_CALLER: '1000' } })
    const streams = await Promise.all(Array.from({ length: 200 }, () => openStream(app, WATCH)))
    expect(streams.every(({ status }) => status === 200)).toBe(true)
    const further = await openStream(app, WATCH)
    expect([further.status, await codesOf(further)]).toEqual([503, ['OVERLOADED']])
    expect((await app.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' })
    await set(app, ADA, { enable: ['FACE'] })
    const told = await Promise.all(streams.map(stream => stream.next()))
    expect(new Set(told.map(({ data }) => data.userMfaChanged.user.id))).toEqual(new Set([ADA]))
  })

  it('do not count a stream that waits behind another on a connection that has ended', async () => {
    await using app = await startApp({ env: { METRICS_PORT: '0' } })
    const { hostname, port } = new URL(app.url)
    const body = JSON.stringify({ query: WATCH })
    const toRequest = (id: string) =>
      [
        'POST /graphql HTTP/1.1',
        `host: ${hostname}`,
        `authorization: ${app.authorization}`,
        'accept: text/event-stream',
        'content-type: application/json',
        `x-request-id: ${id}`,
        `content-length: ${body.length}`,
        '',
        body,
      ].join('\r\n')
    const socket = connect(Number(port), hostname).on('error', () => {})
    socket.write(['first', 'second', 'third'].map(toRequest).join(''))
    const openStreams = async () => (await app.metrics())['event_streams']
    await expect.poll(openStreams).toBe(3)
    socket.resetAndDestroy()
    await expect.poll(openStreams).toBe(0)
    const lines = () =>
      app.log.filter(({ streamEnd }) => streamEnd !== undefined).map(line => [line.requestId, line.streamEnd])
    await expect.poll(lines).toEqual(['first', 'second', 'third'].map(id => [id, 'CLIENT_LEFT']))
    const metrics = await app.metrics()
    expect(metrics['requests_under_way']).toBe(0)
    // A stream is open for long, and an operation that takes long raises an alarm.
    expect(metrics).not.toHaveProperty(['operation_duration_seconds_count{operation="subscription"}'])
    expect(metrics).toHaveProperty(['responses_total{status="gone"}'], 3)
  })

  it('do not count a stream that was never begun', async () => {
    await using app = await startApp({ env: { STREAMS_PER_CALLER: '1' } })
    for (const variables of [{ users: [] }, { users: [{ userId: NOBODY }] }]) {
      await codesOf(await openStream(app, WATCH, { variables }))
    }
    expect((await openStream(app, WATCH)).status).toBe(200)
  })
})

it('does not begin with a token that has ended, though it is still good for a query', async () => {
  await using app = await startApp({ claims: { exp: Math.floor(Date.now() / 1_000) - 5 } })
  expect((await app.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' })
  const stream = await openStream(app, WATCH, { variables: ada })
  expect([stream.status, await codesOf(stream), app.takeCalls()]).toEqual([401, ['UNAUTHENTICATED'], []])
  expect(stream.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
})

it('ends every stream in order at a stop, before the server is closed', async () => {
  const app = await startApp()
  const streams = await Promise.all([1, 2, 3].map(() => openStream(app, WATCH)))
  await app.close()
  for (const stream of streams) {
    await stream.closed
    expect(stream.isComplete).toBe(true)
  }
  expect(app.log.filter(({ streamEnd }) => streamEnd === 'STOPPING')).toHaveLength(3)
  await app[Symbol.asyncDispose]()
})

it('runs a trusted document by its id, and no other where only those are allowed', async () => {
  await using app = await startApp({ env: { TRUSTED_DOCUMENTS: 'only' } })
  const stream = await openStream(app, WATCH)
  expect(await codesOf(stream)).toEqual(['DOCUMENT_NOT_TRUSTED'])
})

describe('a supergraph that knows users by EXTERNAL_ID', () => {
  it('names them so, at no cost if they are named, and for a read of each event if not', async () => {
    await using app = await startApp({ env: { FEDERATION_USER_ID_TYPE: 'EXTERNAL_ID' } })
    const users = [{ userId: ADA }, { userId: GRACE }]
    const named = await openStream(app, WATCH, { variables: { users } })
    app.takeCalls()
    await set(app, ADA, { enable: ['FACE'] })
    expect((await named.next()).data.userMfaChanged.user).toEqual({ id: 'emp-0001' })
    // She has no id of that kind.
    await set(app, GRACE, { enable: ['OTP'] })
    expect((await named.next()).data.userMfaChanged.user).toBe(null)
    expect(app.takeCalls().filter(call => call.startsWith('get-user'))).toEqual([])
    named.abort()

    const all = await openStream(app, WATCH)
    await set(app, ADA, { enable: ['EMAIL'] })
    expect((await all.next()).data.userMfaChanged.user).toEqual({ id: 'emp-0001' })
    expect(app.takeCalls().filter(call => call.startsWith('get-user'))).toEqual(['get-user'])
    all.abort()
  })
})

it('tells of a change in doubt without a revision', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const stream = await openStream(app, WATCH)
  genauth.reply('set-mfa-status', response => void response.destroy())
  genauth.reply('get-mfa-status', ok(triggerData()), failing(500))
  const { data } = await app.graphql(
    `mutation { setUserMfaStatus(input: { userId: "${ADA}", enable: [FACE] }) { ... on MfaUpstreamUnavailableError { outcome } } }`,
  )
  expect(data.setUserMfaStatus.outcome).toBe('UNKNOWN')
  expect((await stream.next()).data.userMfaChanged).toMatchObject({ revision: null, user: { id: ADA } })
  stream.abort()
})

it('holds a caller to its reads: each user of the list counts one, and so does what an event shows', async () => {
  await using app = await startApp({
    env: { RATE_LIMITS: 'reads=2,writes=9,weakenings=9,misses=9' },
  })
  const users = [{ userId: ADA }, { userId: GRACE }]
  const stream = await openStream(app, SHOW, { variables: { users } })
  await set(app, ADA, { enable: ['FACE'] })
  expect((await stream.next()).errors[0]).toMatchObject({
    path: ['userMfaChanged', 'user', 'mfa'],
    extensions: { code: 'RATE_LIMITED' },
  })
  stream.abort()
  expect(await codesOf(await openStream(app, SHOW, { variables: { users } }))).toEqual(['RATE_LIMITED'])
})
