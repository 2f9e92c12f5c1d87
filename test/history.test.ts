import { describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const ADA = '65a000000000000000000001'
const GRACE = '65a000000000000000000002'
const WEB = '62a500000000000000d15d57'
const LOG = 'get-user-action-logs'

const HISTORY = /* GraphQL */ `
  query ($userId: String!, $userIdType: UserIdType! = USER_ID, $first: Int! = 20, $after: String) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      ... on UserMfa {
        phone
        history(first: $first, after: $after) {
          edges {
            cursor
            node {
              id at source kind actor { subject client } reason outcome followUp changes { code }
              changedFields applicationId country revertOf revertible requestId
            }
          }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          missing
        }
      }
      ... on MfaError { code }
    }
  }
`

async function history(app: TestApp, userId: string, more: object = {}): Promise<Json> {
  const { data, errors } = await app.graphql(HISTORY, { userId, ...more })
  expect(errors).toEqual([])
  return data.userMfa.history
}

const kindsOf = ({ edges }: Json) => edges.map(({ node }: Json) => node.kind)

/** Returns a row of GenAuth's log, with all that it says of a person. */
const logged = (eventType: string, timestamp: unknown, changes: Json = {}): Json => ({
  userId: 'u',
  userAvatar: CANARY.phone,
  userDisplayName: CANARY.email,
  appId: 'app',
  appName: CANARY.phone,
  clientIp: CANARY.phone,
  eventType,
  eventDetail: `登录账户「 ${CANARY.email} 」`,
  success: true,
  userAgent: CANARY.phone,
  parsedUserAgent: { device: CANARY.phone, browser: CANARY.email, os: CANARY.phone },
  geoip: { country_code2: 'CN', city_name: CANARY.phone, location: { lon: CANARY.phone, lat: 1 } },
  timestamp,
  requestId: `request-${eventType}-${timestamp}`,
  ...changes,
})
const page = (...list: Json[]) => ok({ totalCount: list.length, list })

/** Starts a GenAuth that has these rows in its log. */
async function startGenAuth(...rows: Json[]): Promise<FakeGenAuth> {
  const genauth = await startFakeGenAuth()
  genauth.reply(LOG, (response, _request, { eventType }) => {
    const { body } = page(...rows.filter(row => row.eventType === eventType))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  return genauth
}

describe('what GenAuth has logged', () => {
  it('is there in the sandbox, with kind, application and country, and nothing that is ours', async () => {
    await using app = await startApp()
    const found = await history(app, ADA)
    expect(kindsOf(found)).toEqual(['VERIFIED', 'VERIFICATION_FAILED', 'BOUND'])
    expect(found.edges[0].node).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      at: '2024-01-23T04:00:00.000Z',
      source: 'GENAUTH',
      kind: 'VERIFIED',
      actor: null,
      reason: null,
      outcome: null,
      followUp: null,
      changes: null,
      changedFields: null,
      applicationId: WEB,
      country: 'CN',
      revertOf: null,
      revertible: false,
      requestId: expect.any(String),
    })
    expect(found.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
    expect(await history(app, ADA)).toEqual(found)
  })

  it('is read in three calls, each of which counts as a read of the caller', async () => {
    await using app = await startApp({ env: { RATE_LIMITS: 'reads=7,writes=9,weakenings=9,misses=9' } })
    await history(app, ADA)
    expect(app.takeCalls().toSorted()).toEqual(['get-mfa-status', LOG, LOG, LOG])
    const { data, errors } = await app.graphql(HISTORY, { userId: ADA })
    expect(data.userMfa.history).toBeNull()
    expect(errors).toMatchObject([{ path: ['userMfa', 'history'], extensions: { code: 'RATE_LIMITED' } }])
  })

  it('is read once for one user and page, in however many places', async () => {
    await using app = await startApp()
    const { errors } = await app.graphql(`{
      a: userMfa(userId: "${ADA}") { ...F } b: userMfa(userId: "${ADA.toUpperCase()}") { ...F }
    } fragment F on UserMfa { one: history { missing } two: history(first: 20) { edges { cursor } } }`)
    expect(errors).toEqual([])
    expect(app.takeCalls().filter(call => call === LOG)).toHaveLength(3)
  })

  it('is asked for by GenAuth’s own id, whatever identifier was given', async () => {
    await using genauth = await startGenAuth()
    genauth.reply('get-user', ok({ userId: 'u', username: 'someone' }))
    await using app = await startApp({ upstream: genauth })
    await history(app, 'someone', { userIdType: 'USERNAME' })
    expect(genauth.seenOf(LOG).map(({ params }) => params.userId)).toEqual(['u', 'u', 'u'])
  })

  it('passes on no address, agent, place or detail, of whatever form', async () => {
    // Every response and log line of this test is watched for the values.
    await using genauth = await startGenAuth(
      logged('verifyMfa', '2026-11-26T20:00:00.000+0800'),
      logged('bindMfa', '2026-11-26T11:00:00.000Z', { appId: CANARY.email, requestId: CANARY.email }),
      logged('unbindMFA', CANARY.phone, { geoip: CANARY.phone }),
      logged('bindMfa', { at: CANARY.email }),
    )
    await using app = await startApp({ upstream: genauth })
    const found = await history(app, 'u')
    expect(
      found.edges.map(({ node }: Json) => [node.kind, node.at, node.applicationId, node.country]),
    ).toEqual([
      ['VERIFIED', '2026-11-26T12:00:00.000Z', 'app', 'CN'],
      ['BOUND', '2026-11-26T11:00:00.000Z', null, 'CN'],
    ])
  })

  it('shows rows with +0800 and with Z, and skips one with a nonsense time, which a metric counts', async () => {
    await using genauth = await startGenAuth(
      logged('verifyMfa', '2026-11-26T20:00:00.000+0800'),
      logged('verifyMfa', '2026-11-26T11:00:00.000Z'),
      logged('verifyMfa', 'the day before yesterday'),
    )
    await using app = await startApp({ upstream: genauth, env: { METRICS_PORT: '0' } })
    const found = await history(app, 'u')
    expect(kindsOf(found)).toEqual(['VERIFIED', 'VERIFIED'])
    expect(found.missing).toContain('GENAUTH')
    expect((await app.metrics())['history_rows_skipped_total']).toBe(1)
  })

  it.each([
    ['a plan without it', failing(402)],
    ['a key without the right', failing(403)],
    ['no such call', failing(404)],
    ['an input that GenAuth does not take', failing(400)],
    ['a reply of another form', ok({ totalCount: 'many' })],
  ])('is named as missing, without an error: %s', async (_what, reply) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply(LOG, reply)
    await using app = await startApp({ upstream: genauth, clock: skipWaits(400) })
    const found = await history(app, 'u')
    expect(found.missing).toContain('GENAUTH')
    expect(found).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } })
  })

  it('is named as missing if GenAuth does not reply in time, and the rest stands', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply(LOG, () => {})
    await using app = await startApp({ upstream: genauth, env: { REQUEST_DEADLINE_MS: '1500' } })
    const found = await history(app, 'u')
    expect(found.missing).toContain('GENAUTH')
  })

  it('shows no row of another user', async () => {
    await using genauth = await startGenAuth(
      logged('verifyMfa', '2026-11-26T11:00:00Z', { userId: GRACE }),
      logged('verifyMfa', '2026-11-26T10:00:00Z'),
    )
    await using app = await startApp({ upstream: genauth })
    const found = await history(app, 'u')
    expect(found.edges.map(({ node }: Json) => node.at)).toEqual(['2026-11-26T10:00:00.000Z'])
    expect(found.missing).toContain('GENAUTH')
  })
})

describe('the pages of a history', () => {
  it('lead from cursor to cursor, and refuse that of another user', async () => {
    await using app = await startApp()
    const one = await history(app, ADA, { first: 2 })
    expect(kindsOf(one)).toEqual(['VERIFIED', 'VERIFICATION_FAILED'])
    expect(one.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const after = one.pageInfo.endCursor
    const two = await history(app, ADA, { first: 2, after })
    expect(kindsOf(two)).toEqual(['BOUND'])
    expect(two.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    app.takeCalls()
    const { data, errors } = await app.graphql(HISTORY, { userId: GRACE, after })
    expect(data.userMfa).toMatchObject({ phone: null, history: null })
    expect(errors).toMatchObject([
      {
        message: "after is no cursor of this user's history. Leave it out to begin again.",
        path: ['userMfa', 'history'],
        extensions: { code: 'INVALID_INPUT' },
      },
    ])
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })

  it.each([
    [{ first: 0 }, 'first must be from 1 to 50.'],
    [{ first: 51 }, 'first must be from 1 to 50.'],
    [
      { after: `no cursor of ${CANARY.phone}` },
      "after is no cursor of this user's history. Leave it out to begin again.",
    ],
    [{ after: '' }, "after is no cursor of this user's history. Leave it out to begin again."],
  ])('refuse %j, and echo nothing', async (wanted, message) => {
    await using app = await startApp()
    const { data, errors } = await app.graphql(HISTORY, { userId: ADA, ...wanted })
    expect(data.userMfa.history).toBeNull()
    expect(errors).toMatchObject([{ message, extensions: { code: 'INVALID_INPUT' } }])
  })
})

describe('a caller', () => {
  it.each(['mfa:read', 'mfa:write', 'mfa:read mfa:report mfa:policy'])(
    'with %s has no history, and the rest stands',
    async scope => {
      await using app = await startApp({ claims: { scope } })
      const { data, errors } = await app.graphql(HISTORY, { userId: ADA })
      expect(data.userMfa).toMatchObject({ history: null })
      expect(errors).toMatchObject([
        {
          message: 'You need the `mfa:audit` scope.',
          path: ['userMfa', 'history'],
          extensions: { code: 'FORBIDDEN' },
        },
      ])
      expect(app.takeCalls()).toEqual(['get-mfa-status'])
    },
  )

  it('with mfa:audit alone may not read the user at all', async () => {
    await using app = await startApp({ claims: { scope: 'mfa:audit' } })
    const { errors } = await app.graphql(HISTORY, { userId: ADA })
    expect(errors).toMatchObject([{ message: 'You need the `mfa:read` scope.', path: ['userMfa'] }])
    expect(app.takeCalls()).toEqual([])
  })

  const idOf = (place: number) => `65a${String(place).padStart(21, '0')}`
  const byList = (count: number) => ({
    query: `query ($users: [UserRefInput!]!) { usersMfa(users: $users) { ... on UsersMfaSuccess { results { payload {
      ... on UserMfa { history(first: 1) { missing } } } } } } }`,
    variables: { users: Array.from({ length: count }, (_, index) => ({ userId: idOf(index + 1) })) },
  })
  const byGateway = (count: number) => ({
    query: `query ($users: [_Any!]!) { _entities(representations: $users) { ... on User { mfa { history(first: 1) { missing } } } } }`,
    variables: {
      users: Array.from({ length: count }, (_, index) => ({ __typename: 'User', id: idOf(index + 1) })),
    },
  })

  it('has no more than five histories by single fields', async () => {
    await using app = await startApp()
    const fields = Array.from(
      { length: 7 },
      (_, index) =>
        `u${index}: userMfa(userId: "${idOf(index + 1)}") { ... on UserMfa { history { missing } } }`,
    )
    const { data, errors } = await app.graphql(`{ ${fields.join(' ')} }`)
    const codes = errors.map(({ extensions }) => extensions.code)
    const read = Object.values<Json>(data).filter(({ history: found }) => found !== null).length
    expect([codes.includes('LIMIT_EXCEEDED'), read <= 5, read + codes.length]).toEqual([true, true, 7])
  })

  it.each([
    ['a list', byList],
    ['a gateway', byGateway],
  ])('has the histories of five users by %s, and of six none', async (_what, ask) => {
    await using app = await startApp()
    const five = ask(5)
    expect((await app.graphql(five.query, five.variables)).errors).toEqual([])
    app.takeCalls()
    const six = ask(6)
    const { errors } = await app.graphql(six.query, six.variables)
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(6).fill('LIMIT_EXCEEDED'))
    expect(app.takeCalls()).not.toContain(LOG)
  })
})
