import { describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { ok, startFakeGenAuth } from './support/fake-genauth.ts'

/** Two people of the sandbox who have one number in two countries. GenAuth's look-up finds the first. */
const KATHERINE = '65a000000000000000000004'
const TIM = '65a000000000000000000008'
const ADA = '65a000000000000000000001'
const READ = /* GraphQL */ `
  query ($userId: String!) {
    userMfa(userId: $userId, userIdType: PHONE) {
      __typename
      ... on UserMfa { user { id } factors { code bound } }
      ... on MfaInvalidInputError { fieldErrors { path } }
    }
  }
`
const READ_SEVERAL = /* GraphQL */ `
  query ($users: [UserRefInput!]!) {
    usersMfa(users: $users) {
      ... on UsersMfaSuccess { results {
        ref { userId }
        payload { __typename ... on UserMfa { id user { id } account { phone } } ... on MfaError { code } }
      } }
    }
  }
`
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) { __typename ... on SetUserMfaStatusSuccess { applied } ... on MfaError { code } }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess { results { payload { __typename ... on MfaError { code } } } }
    }
  }
`
const NOT_FOUND = { __typename: 'MfaUserNotFoundError', code: 'USER_NOT_FOUND' }

function payloadsOf({ results }: Json): Json[] {
  return results.map(({ payload }: Json) => payload)
}

async function read(app: TestApp, userId: string): Promise<Json> {
  return (await app.graphql(READ, { userId })).data.userMfa
}

function byPhone(...phones: string[]) {
  return phones.map(userId => ({ userId, userIdType: 'PHONE' }))
}

describe('a user named by a phone with its country code', () => {
  it.each(['+8613800000001', '+86 138 0000 0001', '(+86) 138-0000-0001', '+86.138.0000.0001'])(
    'is found, and read by GenAuth’s own id: %s',
    async phone => {
      await using app = await startApp()
      expect(await read(app, phone)).toMatchObject({ __typename: 'UserMfa', user: { id: ADA } })
      // GenAuth's own id costs one call. The state and the bindings are those of that id.
      expect(app.takeCalls().toSorted()).toEqual(['get-mfa-status', 'get-user', 'get-user-mfa-info'])
    },
  )

  it('is never read by the number alone', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ userId: ADA, phone: '13800000001', phoneCountryCode: '+86' }))
    await using app = await startApp({ upstream: genauth })
    await read(app, '+8613800000001')
    expect(genauth.seen.filter(({ params }) => params.userIdType === 'phone')).toMatchObject([
      { endpoint: 'get-user', params: { userId: '13800000001', userIdType: 'phone' } },
    ])
    for (const endpoint of ['get-mfa-status', 'get-user-mfa-info']) {
      expect(genauth.seenOf(endpoint).map(({ params }) => params.userId)).toEqual([ADA])
    }
  })

  it('is one of the sandbox’s two users of one number, or nobody, and never the other one', async () => {
    await using app = await startApp()
    expect(await read(app, '+1 202 555 0104')).toMatchObject({ user: { id: KATHERINE } })
    expect(await read(app, '+44 2025550104')).toEqual({ __typename: 'MfaUserNotFoundError' })
    expect(await read(app, '2025550104')).toMatchObject({ user: { id: KATHERINE } })

    app.takeCalls()
    const set = async (userId: string) => {
      const input = { userId, userIdType: 'PHONE', disable: ['SMS'], allowNoFactor: true }
      return (await app.graphql(SET, { input })).data.setUserMfaStatus
    }
    expect(await set('+44 2025550104')).toEqual(NOT_FOUND)
    expect(app.takeCalls()).toEqual(['get-user'])
    expect(await set('+1 202 555 0104')).toMatchObject({ applied: true })
    const { data } = await app.graphql(
      `{ userMfa(userId: "${TIM}") { ... on UserMfa { factors { code } } } }`,
    )
    expect(data.userMfa).toEqual({ factors: [] })
  })

  it('is told apart in a list, where GenAuth may show both', async () => {
    await using genauth = await startFakeGenAuth()
    const phone = '2025550104'
    genauth.reply(
      'get-user-batch',
      ok([
        { userId: TIM, phone, phoneCountryCode: '+44' },
        { userId: KATHERINE, phone, phoneCountryCode: '+1' },
        { userId: ADA, phone: '13800000001', phoneCountryCode: '+86' },
      ]),
    )
    genauth.reply('get-user', ok({ userId: KATHERINE, phone, phoneCountryCode: '+1' }))
    await using app = await startApp({ upstream: genauth })
    const users = byPhone('+12025550104', '+44 2025550104', '+91 2025550104', '+86 138 0000 0001')
    const { data } = await app.graphql(READ_SEVERAL, { users })
    expect(data.usersMfa.results.map(({ ref }: Json) => ref.userId)).toEqual(users.map(user => user.userId))
    expect(payloadsOf(data.usersMfa)).toMatchObject([
      { id: KATHERINE, user: { id: KATHERINE }, account: { phone: '****04' } },
      { id: TIM, user: { id: TIM } },
      NOT_FOUND,
      { id: ADA, user: { id: ADA }, account: { phone: '138****0001' } },
    ])
    const asked = genauth.seen
      .filter(({ params }) => params.userIdType === 'phone')
      .map(({ params }) => params)
    // Of the list the fake shows the last entry.
    expect(asked).toMatchObject([{ 'userIds[]': '13800000001' }, { userId: phone }])

    const change = { input: { users, disable: ['SMS'] } }
    const changed = payloadsOf((await app.graphql(SET_SEVERAL, change)).data.setUsersMfaStatus)
    expect(changed.map(({ code }) => code ?? 'done')).toEqual(['done', 'done', 'USER_NOT_FOUND', 'done'])
    expect(
      genauth
        .seenOf('set-mfa-status')
        .map(({ params }) => params.userId)
        .toSorted(),
    ).toEqual([KATHERINE, TIM, ADA].toSorted())
  })

  it.each([
    ['another country code', { phone: '13800000001', phoneCountryCode: '+44' }, 'USER_NOT_FOUND'],
    ['no country code', { phone: '13800000001', phoneCountryCode: null }, 'USER_NOT_FOUND'],
    ['another number', { phone: '13800000002', phoneCountryCode: '+86' }, 'AMBIGUOUS_USER'],
    ['a masked number and the code', { phone: '138****0001', phoneCountryCode: '+86' }, undefined],
    ['the whole number in one', { phone: '+8613800000001', phoneCountryCode: null }, undefined],
  ])('whom GenAuth answers with %s', async (_what, shown, code) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ userId: ADA, ...shown }))
    await using app = await startApp({ upstream: genauth })
    const { data } = await app.graphql(READ_SEVERAL, { users: byPhone('+8613800000001') })
    expect(payloadsOf(data.usersMfa)[0].code).toBe(code)
    const input = { userId: '+8613800000001', userIdType: 'PHONE', disable: ['SMS'] }
    expect((await app.graphql(SET, { input })).data.setUserMfaStatus.code).toBe(code)
    expect(genauth.seenOf('get-mfa-status').length > 0).toBe(code === undefined)
    expect(genauth.seenOf('set-mfa-status').length > 0).toBe(code === undefined)
  })

  it('counts as a miss if the user is another, as an unknown one does', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ userId: ADA, phone: '13800000001', phoneCountryCode: '+44' }))
    const env = { RATE_LIMITS: 'reads=900,writes=900,weakenings=900,misses=2' }
    await using app = await startApp({ upstream: genauth, env })
    const types = []
    for (let count = 0; count < 3; count++) types.push((await read(app, '+8613800000001')).__typename)
    expect(types).toEqual(['MfaUserNotFoundError', 'MfaUserNotFoundError', 'MfaRateLimitedError'])
  })

  it('is one user in every spelling: read once, and changed once', async () => {
    await using app = await startApp()
    const users = byPhone('+8613800000001', '+86 138 0000 0001', '+86 (0)138-0000-0001')
    const { data } = await app.graphql(READ_SEVERAL, { users })
    expect(payloadsOf(data.usersMfa).map(({ user }) => user)).toEqual(users.map(() => ({ id: ADA })))
    expect(app.takeCalls()).toEqual(['get-user', 'get-mfa-status'])
    const changed = await app.graphql(SET_SEVERAL, { input: { users, disable: ['SMS'] } })
    const codes = payloadsOf(changed.data.setUsersMfaStatus).map(({ code }) => code)
    expect(codes).toEqual([undefined, 'DUPLICATE_USER', 'DUPLICATE_USER'])
  })
})

it('a phone without a country code is sent without separators', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  await read(app, '(138) 0000-0001')
  expect(genauth.seenOf('get-mfa-status').map(({ params }) => params.userId)).toEqual(['13800000001'])
})

it('a phone that cannot be one is refused before GenAuth is asked, alone, in a list and in a change', async () => {
  await using app = await startApp()
  const phones = [
    ...[
      '+9991234567',
      '+86',
      '+861380000000123',
      '008613800000001',
      'tel:+8613800000001',
      '+8613800000001 ext. 5',
    ],
    ...[
      '+1 800 FLOWERS',
      '１３８００00０００１',
      '＋8613800000001',
      '+٨٦١٣٨٠٠٠٠٠٠٠١',
      '138****0001',
      '++8613800000001',
    ],
    ...['1'.repeat(16), `+86${'1'.repeat(400)}`, '-', '+86 138 0000 0001 ', '\u202a+8613800000001\u202c'],
  ]
  const refused = { __typename: 'MfaInvalidInputError', code: 'INVALID_INPUT' }
  for (const phone of phones) {
    expect(await read(app, phone), phone).toEqual({
      __typename: 'MfaInvalidInputError',
      fieldErrors: [{ path: ['userId'] }],
    })
    const input = { userId: phone, userIdType: 'PHONE', disable: ['SMS'] }
    expect((await app.graphql(SET, { input })).data.setUserMfaStatus, phone).toEqual(refused)
  }
  const users = byPhone(...phones)
  const shown = await app.graphql(READ_SEVERAL, { users })
  expect(payloadsOf(shown.data.usersMfa)).toEqual(phones.map(() => refused))
  const changed = await app.graphql(SET_SEVERAL, { input: { users, disable: ['SMS'] } })
  expect(payloadsOf(changed.data.setUsersMfaStatus)).toEqual(phones.map(() => refused))
  expect(app.takeCalls()).toEqual([])
})
