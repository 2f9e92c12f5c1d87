import { describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'

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
  ... on UsersMfaSuccess { results { __typename } } } }`
const SET_LIST = /* GraphQL */ `mutation ($users: [UserRefInput!]!) {
  setUsersMfaStatus(input: { users: $users, enable: [FACE], dryRun: true }) {
    ... on SetUsersMfaStatusSuccess { results { __typename } } } }`

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
    const [payload] = Object.values<Json>(data)
    for (const { __typename: type } of payload.results) tally[type] = (tally[type] ?? 0) + 1
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
    ['a dry run of setUsersMfaStatus', SET_LIST, 'SetUserMfaStatusSuccess'],
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
      `mutation { setUserMfaStatus(input: ${input}) { ... on SetUserMfaStatusSuccess { changed } } }`,
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

/** Uses up what is left of the reads, one at a time in lists of fifty. */
async function countLeft(app: TestApp, limit: number): Promise<number> {
  let read = 0
  for (let sent = 0; sent < limit; sent += 50) {
    const users = Array.from({ length: 50 }, () => ({ userId: ADA }))
    const { data } = await app.graphql(LIST, { users })
    const shown = data.usersMfa.results.filter((result: Json) => result.__typename === 'UserMfa').length
    read += shown
    if (shown < 50) break
  }
  return read
}
