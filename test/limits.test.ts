import { describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'

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
