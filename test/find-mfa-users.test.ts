import { describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const FIND = /* GraphQL */ `
  query ($search: String!, $first: Int! = 20) {
    findMfaUsers(search: $search, first: $first) {
      __typename
      ... on FindMfaUsersSuccess {
        more
        people { id displayName username phone email status user { id } }
      }
      ... on MfaError { code message retryable }
      ... on MfaInvalidInputError { fieldErrors { path message } }
      ... on MfaRateLimitedError { origin }
    }
  }
`
const ADA = '65a000000000000000000001'
const LIMITS = { RATE_LIMITS: 'reads=10,writes=10,weakenings=10,misses=3' }

async function find(app: TestApp, search: string, first?: number): Promise<Json> {
  const { data, errors } = await app.graphql(FIND, { search, first })
  expect(errors).toEqual([])
  return data.findMfaUsers
}

async function leftOf(app: TestApp): Promise<Json> {
  const { data } = await app.graphql('{ mfaViewer { limits { kind remaining } } }')
  return Object.fromEntries(data.mfaViewer.limits.map(({ kind, remaining }: Json) => [kind, remaining]))
}

describe('findMfaUsers', () => {
  it.each([
    ['a name', 'Lovelace'],
    ['a nickname in another case', 'aDA'],
    ['a part of a phone', '380000000'],
    ['blanks around it', '  ada \n'],
  ])('finds people by %s, in one call', async (_what, search) => {
    await using app = await startApp()
    const { people } = await find(app, search)
    expect(people).toContainEqual({
      id: ADA,
      displayName: 'Ada Lovelace',
      username: 'ada',
      phone: '138****0001',
      email: 'a***@example.com',
      status: 'ACTIVATED',
      user: { id: ADA },
    })
    expect(app.takeCalls()).toEqual(['list-users'])
  })

  it('shows no more than asked for, and says whether there are more', async () => {
    await using app = await startApp()
    const some = await find(app, 'example', 2)
    expect([some.people.length, some.more]).toEqual([2, true])
    const { people, more } = await find(app, 'Lovelace', 2)
    expect([people.length, more]).toEqual([1, false])
    expect(await find(app, 'nobody at all')).toEqual({
      __typename: 'FindMfaUsersSuccess',
      people: [],
      more: false,
    })
  })

  it('leads from a person to their factors by the id', async () => {
    await using app = await startApp()
    const document = FIND.replace('user { id }', 'user { mfa { id posture } }')
    const { data } = await app.graphql(document, { search: 'Lovelace' })
    expect(data.findMfaUsers.people[0].user.mfa).toEqual({ id: ADA, posture: 'PROTECTED' })
  })

  it('names the user as the supergraph does, and shows one without such an id', async () => {
    await using app = await startApp({ env: { FEDERATION_USER_ID_TYPE: 'EXTERNAL_ID' } })
    const [ada] = (await find(app, 'Lovelace')).people
    expect([ada.id, ada.user]).toEqual([ADA, { id: 'emp-0001' }])
    const [grace] = (await find(app, 'Hopper')).people
    expect(grace.user).toBeNull()
    expect(app.takeCalls()).toEqual(['list-users', 'list-users'])
  })

  it.each<[what: string, search: string, first: number, paths: string[]]>([
    ['one character', 'a', 20, ['search']],
    ['one emoji', '👩', 20, ['search']],
    ['blanks', '      ', 20, ['search']],
    ['one character between blanks', '  a  ', 20, ['search']],
    ['one letter and its accent', 'e\u0301', 20, ['search']],
    ['fillers that show nothing', '\u3164\u3164', 20, ['search']],
    ['one character before an empty cell', 'a\u2800', 20, ['search']],
    ['101 characters', 'a'.repeat(101), 20, ['search']],
    ['a control character', 'ad\u0000a', 20, ['search']],
    ['a line end within', 'ad\na', 20, ['search']],
    ['a character that turns the line', 'ad\u202ea', 20, ['search']],
    ['half of a surrogate pair', 'ada\ud800', 20, ['search']],
    ['nobody wanted', 'ada', 0, ['first']],
    ['a negative number', 'ada', -1, ['first']],
    ['too many wanted', 'ada', 51, ['first']],
    ['two faults', 'a', 0, ['search', 'first']],
  ])('refuses %s at its path, before GenAuth is asked', async (_what, search, first, paths) => {
    await using app = await startApp({ env: LIMITS })
    const { code, fieldErrors } = await find(app, search, first)
    expect([code, fieldErrors.map(({ path }: Json) => path)]).toEqual([
      'INVALID_INPUT',
      paths.map(one => [one]),
    ])
    expect(app.takeCalls()).toEqual([])
    expect(await leftOf(app)).toMatchObject({ READS: 10, MISSES: 3 })
  })

  it.each([
    ['two characters', '李雷'],
    ['a hundred', 'a'.repeat(100)],
    ['a hundred emoji', '👩'.repeat(100)],
    ['what other languages know', '{"$ne":1} OR 1=1 --'],
  ])('takes %s', async (_what, search) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('list-users', ok({ totalCount: 0, list: [] }))
    await using app = await startApp({ upstream: genauth })
    expect(await find(app, search)).toMatchObject({ people: [], more: false })
    expect(genauth.seenOf('list-users')[0]?.params).toEqual({
      keywords: search,
      options: {
        pagination: { page: 1, limit: 20 },
        fuzzySearchOn: ['phone', 'email', 'name', 'username', 'nickname'],
      },
    })
  })

  it('counts a read for each person shown, at least one, and a miss where nobody was found', async () => {
    await using app = await startApp({ env: LIMITS })
    await find(app, 'example', 4)
    expect(await leftOf(app)).toMatchObject({ READS: 6, MISSES: 3 })
    for (const misses of [2, 1, 0]) {
      await find(app, 'nobody at all')
      expect(await leftOf(app)).toMatchObject({ READS: 3 + misses, MISSES: misses })
    }
    app.takeCalls()
    expect(await find(app, 'Lovelace')).toMatchObject({ code: 'RATE_LIMITED', origin: 'LAYER' })
    expect(app.takeCalls()).toEqual([])
  })

  it('shows nobody where the reads that are left do not suffice for all', async () => {
    await using app = await startApp({ env: LIMITS })
    await find(app, 'example', 8)
    const answer = await find(app, 'example', 8)
    expect(answer).toMatchObject({ __typename: 'MfaRateLimitedError', origin: 'LAYER', retryable: true })
    expect(answer.people).toBeUndefined()
  })

  it.each([
    [400, undefined, 'INVALID_INPUT'],
    [402, undefined, 'PLAN_REQUIRED'],
    [403, undefined, 'UPSTREAM_FORBIDDEN'],
    [404, undefined, 'OPERATION_REFUSED'],
    [404, 2004, 'OPERATION_REFUSED'],
    [409, undefined, 'OPERATION_REFUSED'],
    [422, undefined, 'OPERATION_REFUSED'],
    [429, undefined, 'RATE_LIMITED'],
    [500, undefined, 'UPSTREAM_UNAVAILABLE'],
    [501, undefined, 'UPSTREAM_UNAVAILABLE'],
  ])(
    'says what GenAuth said with %i %s, without its words, and counts no miss',
    async (status, api, code) => {
      await using genauth = await startFakeGenAuth()
      genauth.reply('list-users', failing(status, api))
      await using app = await startApp({ upstream: genauth, env: LIMITS, clock: skipWaits(900) })
      const answer = await find(app, 'ada')
      expect(answer.code).toBe(code)
      if (code === 'INVALID_INPUT') expect(answer.fieldErrors).toMatchObject([{ path: ['search'] }])
      expect(await leftOf(app)).toMatchObject({ READS: 9, MISSES: 3 })
    },
  )

  it.each<[what: string, data: unknown]>([
    ['no list', { totalCount: 1 }],
    ['no count', { list: [] }],
    ['more users than a page has', { totalCount: 51, list: Array(51).fill({ userId: ADA }) }],
  ])('takes a reply with %s for none', async (_what, data) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('list-users', ok(data))
    await using app = await startApp({ upstream: genauth })
    expect(await find(app, 'ada')).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it('says that there are more where a record cannot be read, or GenAuth sends more than asked for', async () => {
    await using genauth = await startFakeGenAuth()
    const person = { userId: ADA, name: 'Ada', phone: CANARY.phone, email: CANARY.email, status: 'Activated' }
    const list = [person, { userId: '' }, { ...person, userId: '65a000000000000000000002' }]
    genauth.reply('list-users', ok({ totalCount: 3, list }))
    await using app = await startApp({ upstream: genauth })
    const all = await find(app, 'ada')
    expect([all.people.length, all.more]).toEqual([2, true])
    const one = await find(app, 'ada', 1)
    expect([one.people.length, one.more]).toEqual([1, true])
  })

  it('needs the scope for reading, and that for reports does not do', async () => {
    await using app = await startApp({ claims: { scope: 'mfa:report' } })
    const { data, errors } = await app.graphql(FIND, { search: 'ada' })
    expect([data, errors[0].message, errors[0].extensions.code]).toEqual([
      null,
      'You need the `mfa:read` scope.',
      'FORBIDDEN',
    ])
    expect(app.takeCalls()).toEqual([])
  })

  it('leaves the text that was searched for in no log line', async () => {
    await using app = await startApp()
    await find(app, CANARY.phone)
    await find(app, 'a very special text')
    expect(JSON.stringify(app.log)).not.toContain('very special')
  })
})
