import { describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { takeErrors } from './support/request-ids.ts'

const ADA = '65a000000000000000000001'

function limits(change: Record<string, number>) {
  const all = { reads: 10_000, writes: 10_000, weakenings: 10_000, misses: 10_000, ...change }
  const text = Object.entries(all).map(([name, limit]) => `${name}=${limit}`)
  return { RATE_LIMITS: text.join(',') }
}

/** A GenAuth that knows whoever is called as one of these; everybody else is nobody. */
async function startGenAuth(isKnown: (name: string) => boolean) {
  const genauth = await startFakeGenAuth()
  const say = (response: Json, body: Json) => response.end(JSON.stringify(body))
  const guessed: string[] = []
  genauth.reply('get-user', (response, _request, { userId }) => {
    guessed.push(userId)
    say(
      response,
      (isKnown(userId) ? ok({ userId: `id-of-${userId}`, email: userId }) : failing(404, 2004)).body,
    )
  })
  genauth.reply('get-user-batch', (response, request) => {
    const names = new URL(request.url ?? '', 'http://localhost').searchParams.getAll('userIds[]')
    guessed.push(...names)
    say(response, ok(names.filter(isKnown).map(name => ({ userId: `id-of-${name}`, email: name }))).body)
  })
  genauth.reply('get-mfa-status', (response, _request, { userId, userIdType }) => {
    if (userIdType !== 'user_id') guessed.push(userId)
    const isGood = userIdType === 'user_id' || isKnown(userId)
    say(response, (isGood ? ok(genauth.stored) : failing(404, 2004)).body)
  })
  return Object.assign(genauth, { guessed })
}

const LIST = /* GraphQL */ `query ($users: [UserRefInput!]!) { usersMfa(users: $users) {
  ... on UsersMfaSuccess { results { payload { __typename } } } } }`
const SET_LIST = /* GraphQL */ `mutation ($users: [UserRefInput!]!) {
  setUsersMfaStatus(input: { users: $users, enable: [FACE], dryRun: true }) {
    ... on SetUsersMfaStatusSuccess { results { payload { __typename } } } } }`

/** Sends so many lists of e-mail addresses together, and counts what each address came to. */
async function sendLists(app: TestApp, document: string, lists: number, prefix: string) {
  const answers = await Promise.all(
    Array.from({ length: lists }, (_, list) => {
      const toUser = (n: number) => ({ userId: `${prefix}-${list}-${n}@example.com`, userIdType: 'EMAIL' })
      return app.graphql(document, { users: Array.from({ length: 50 }, (_, n) => toUser(n)) })
    }),
  )
  const tally: Record<string, number> = {}
  for (const { data } of answers) {
    const [{ results }] = Object.values<Json>(data)
    for (const { payload } of results) tally[payload.__typename] = (tally[payload.__typename] ?? 0) + 1
  }
  return tally
}

describe('guesses in lists that are sent together', () => {
  it.each([
    ['usersMfa', LIST],
    ['a dry run of setUsersMfaStatus', SET_LIST],
  ])('are as many as the limit of misses allows: %s', async (_name, document) => {
    await using genauth = await startGenAuth(() => false)
    await using app = await startApp({ upstream: genauth, env: limits({ misses: 60 }) })
    const tally = await sendLists(app, document, 20, 'nobody')
    expect(tally).toEqual({ MfaUserNotFoundError: 60, MfaRateLimitedError: 940 })
    expect(new Set(genauth.guessed).size).toBe(60)
    expect(await sendLists(app, LIST, 1, 'known')).toEqual({ MfaRateLimitedError: 50 })
  })

  it.each([
    ['usersMfa', LIST, 'UserMfa'],
    ['a dry run of setUsersMfaStatus', SET_LIST, 'SetUserMfaStatusPreview'],
  ])('refuse nobody where all of them exist: %s', async (_name, document, type) => {
    await using genauth = await startGenAuth(() => true)
    await using app = await startApp({ upstream: genauth, env: limits({ misses: 20 }) })
    expect(await sendLists(app, document, 4, 'known')).toEqual({ [type]: 200 })
  })
})

describe('what is counted as a read', () => {
  const entities = (count: number, id = ADA) =>
    `_entities(representations: [${`{ __typename: "User", id: "${id}" }`.repeat(count)}]) { ... on User { mfa { phone } } }`

  it.each([
    ['a user', `userMfa(userId: "${ADA}") { __typename }`, 1],
    [
      'a user at three root fields',
      ['a', 'b', 'c'].map(a => `${a}: userMfa(userId: "${ADA}") { __typename }`),
      3,
    ],
    ['a malformed identifier', `userMfa(userId: " ") { __typename }`, 1],
    [
      'a malformed identifier whose id and account are wanted',
      `userMfa(userId: " ", userIdType: EMAIL) { ... on UserMfa { id account { status } } }`,
      1,
    ],
    ['each place in a list', `usersMfa(users: [${`{ userId: "${ADA}" }`.repeat(4)}]) { __typename }`, 4],
    ['each representation, however often the user stands there', entities(7), 7],
    [
      'each representation in each of three root fields',
      ['a', 'b', 'c'].map(a => `${a}: ${entities(20)}`),
      60,
    ],
    [
      'a representation of nobody',
      `_entities(representations: [{ __typename: "User", id: 1 }, { a: 1 }]) { __typename }`,
      2,
    ],
    [
      'what is bound, once more for the user',
      `userMfa(userId: "${ADA}") { ... on UserMfa { posture factors { bound } } }`,
      2,
    ],
    ['the id of a user named by it', `userMfa(userId: "${ADA}") { ... on UserMfa { user { id } } }`, 1],
    [
      'the id of a user named otherwise',
      `userMfa(userId: "ada", userIdType: USERNAME) { ... on UserMfa { user { id } } }`,
      2,
    ],
    [
      'the id, the account and the revision of a user named otherwise',
      `userMfa(userId: "ada", userIdType: USERNAME) { ... on UserMfa { id account { status } revision user { id } } }`,
      2,
    ],
    [
      'the account of a user named by GenAuth’s id',
      `userMfa(userId: "${ADA}") { ... on UserMfa { id account { status } revision } }`,
      2,
    ],
    [
      'the user of a user',
      `userMfa(userId: "${ADA}") { ... on UserMfa { user { mfa { user { mfa { phone } } } } } }`,
      3,
    ],
  ])('%s', async (_what, fields, expected) => {
    const limit = 1_000
    await using app = await startApp({ env: limits({ reads: limit }) })
    await app.graphql(`{ ${[fields].flat().join(' ')} }`)
    expect(limit - (await countLeft(app, limit))).toBe(expected)
  })

  it.each([
    ['a dry run', '', 1],
    ['a dry run by another identifier', 'userIdType: USERNAME', 2],
  ])('%s', async (_what, type, expected) => {
    const limit = 100
    await using app = await startApp({ env: limits({ reads: limit }) })
    const userId = type === '' ? ADA : 'ada'
    const input = `{ userId: "${userId}" ${type} enable: [FACE] dryRun: true }`
    await app.graphql(
      `mutation { setUserMfaStatus(input: ${input}) { ... on SetUserMfaStatusPreview { changed } } }`,
    )
    expect(limit - (await countLeft(app, limit))).toBe(expected)
  })

  it('what is looked up below the payload of a set, which fails alone where nothing is left', async () => {
    await using app = await startApp({ env: limits({ reads: 1 }) })
    const set = (expectedRevision: string) => /* GraphQL */ `mutation { setUserMfaStatus(input: {
      userId: "${ADA}", enable: [FACE], expectedRevision: ${JSON.stringify(expectedRevision)} }) {
        __typename
        ... on SetUserMfaStatusSuccess { warnings { code } }
        ... on MfaRevisionConflictError { current { posture phone } } } }`
    const stale = `r1.${'A'.repeat(22)}`
    const first = await app.graphql(set(stale))
    expect(first.errors).toEqual([])
    const second = await app.graphql(set(stale))
    expect(second.data.setUserMfaStatus).toMatchObject({
      __typename: 'MfaRevisionConflictError',
      current: { posture: null, phone: expect.any(String) },
    })
    expect(second.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  })
})

describe('requests that are refused', () => {
  const JSON_HEADERS = { 'content-type': 'application/json' }
  const post = (body: string, headers: Record<string, string> = JSON_HEADERS) => ({
    method: 'POST',
    headers,
    body,
  })
  const query = (document: string, variables = {}) => post(JSON.stringify({ query: document, variables }))
  const good = query('{ __typename }')

  it.each<[string, string, RequestInit]>([
    ['no JSON', '', post('{')],
    ['another content type', '', post('{}', { 'content-type': 'text/plain' })],
    ['too large a body', '', post(' '.repeat(70_000))],
    ['another method', '', { method: 'PUT', headers: JSON_HEADERS, body: '{}' }],
    ['no document', '', post('{}')],
    ['no GraphQL', '', query('{')],
    ['a field that does not exist', '', query('{ nothing }')],
    ['too many tokens', '', query(`{ ${'__typename '.repeat(2_000)} }`)],
    ['variables that do not fit', '', query('query ($u: String!) { userMfa(userId: $u) { __typename } }')],
    ['an unknown document id', '', post(JSON.stringify({ documentId: 'a'.repeat(64) }))],
    ['an unknown operation', '', query('query A { __typename } query B { __typename }')],
    ['a malformed query string', '?query={__typename}&variables={', { method: 'GET' }],
    ['a mutation by GET', '?query=mutation{__typename}', { method: 'GET' }],
    ['a list of no users', '', query('{ usersMfa(users: []) { __typename } }')],
    [
      'a set whose input is at fault',
      '',
      query(
        `mutation { setUserMfaStatus(input: { userId: "${ADA}", enable: [SMS], reason: " " }) { __typename } }`,
      ),
    ],
    [
      'a set of several without any',
      '',
      query('mutation { setUsersMfaStatus(input: { users: [], enable: [SMS] }) { __typename } }'),
    ],
    [
      'an answer that nobody can give',
      '',
      post('{"query":"{ __typename }"}', { ...JSON_HEADERS, accept: 'text/csv' }),
    ],
  ])(
    'count for their caller, and all of the next ones are answered 429: %s',
    async (_what, search, refused) => {
      await using app = await startApp({ env: { REFUSED_REQUESTS_PER_MINUTE: '2' } })
      for (let sent = 0; sent < 2; sent++) {
        expect((await app.fetch('/graphql', good)).status).toBe(200)
        const { status } = await app.fetch(`/graphql${search}`, refused)
        expect([200, 400, 404, 405, 406, 413, 415]).toContain(status)
      }
      const limited = await app.fetch('/graphql', good)
      const [error] = takeErrors(limited.headers.get('x-request-id'), limited.text)
      expect([limited.status, error.extensions]).toEqual([429, { code: 'TOO_MANY_REFUSALS' }])
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(50)
      expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(60)
      const authorization = `Bearer ${await app.issuer.token({ sub: 'somebody-else' })}`
      const other = await app.fetch('/graphql', { ...good, headers: { ...JSON_HEADERS, authorization } })
      expect(other.status).toBe(200)
    },
  )

  it('are no more than the limit where they are sent together', async () => {
    await using app = await startApp({ env: { REFUSED_REQUESTS_PER_MINUTE: '20' } })
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => app.fetch('/graphql', query('{ nothing }'))),
    )
    const limited = answers.filter(({ status }) => status === 429).length
    // A request that was parsed in the same turn of the event loop may be one too many.
    expect(limited).toBeGreaterThanOrEqual(275)
  })

  it('do not count where their token was, or where they were executed', async () => {
    await using app = await startApp({ env: { REFUSED_REQUESTS_PER_MINUTE: '1' } })
    for (let sent = 0; sent < 3; sent++) {
      expect(
        (await app.fetch('/graphql', { ...good, headers: { authorization: 'Bearer a.b.c' } })).status,
      ).toBe(401)
      expect((await app.graphql('{ userMfa(userId: "nobody") { __typename } }')).status).toBe(200)
      expect((await app.graphql('{ _entities(representations: [{}]) { __typename } }')).status).toBe(200)
    }
  })

  it.each([
    ['RATE_LIMITS is off', { RATE_LIMITS: 'off' }],
    [
      'the limit is off',
      { RATE_LIMITS: 'reads=1,writes=1,weakenings=1,misses=1', REFUSED_REQUESTS_PER_MINUTE: 'off' },
    ],
  ])('have no limit where %s', async (_what, env) => {
    await using app = await startApp({ env })
    for (let sent = 0; sent < 310; sent++) await app.fetch('/graphql', post('{'))
    expect((await app.fetch('/graphql', good)).status).toBe(200)
  })
})

describe('a limit', () => {
  it('is the same for all tokens of one subject, and another one for any other spelling of it', async () => {
    await using app = await startApp({ env: limits({ reads: 1 }) })
    const read = async (claims: Record<string, unknown>) => {
      const headers = { authorization: `Bearer ${await app.issuer.token(claims)}` }
      const { data } = await app.graphql(`{ userMfa(userId: "${ADA}") { __typename } }`, {}, headers)
      return data.userMfa.__typename
    }
    const subjects = ['anna', 'Anna', ' anna', 'anna ', 'anna\u200b', '["anna"]', 'zo\u00eb', 'zoe\u0308']
    for (const sub of subjects) expect(await read({ sub })).toBe('UserMfa')
    for (const sub of subjects) expect(await read({ sub })).toBe('MfaRateLimitedError')
    const others = [
      { client_id: 'other' },
      { azp: 'x' },
      { jti: 'new' },
      { scope: 'mfa:write' },
      { amr: ['otp'] },
    ]
    for (const claims of others) expect(await read({ sub: 'anna', ...claims })).toBe('MfaRateLimitedError')
  })
})

/** Uses up what is left of the reads, one at a time in lists of fifty. */
async function countLeft(app: TestApp, limit: number): Promise<number> {
  let read = 0
  for (let sent = 0; sent < limit; sent += 50) {
    const users = Array.from({ length: 50 }, () => ({ userId: ADA }))
    const { data } = await app.graphql(LIST, { users })
    const shown = data.usersMfa.results.filter(({ payload }: Json) => payload.__typename === 'UserMfa').length
    read += shown
    if (shown < 50) break
  }
  return read
}
