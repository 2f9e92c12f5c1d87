import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { ok, startFakeGenAuth } from './support/fake-genauth.ts'

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on User { id mfa { user { id } factors { code bound } } }
    }
  }
`
const USER_MFA = /* GraphQL */ `
  query ($userId: String!, $userIdType: UserIdType!) {
    userMfa(userId: $userId, userIdType: $userIdType) { ... on UserMfa { user { id } } ... on MfaError { code } }
  }
`
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      ... on SetUserMfaStatusSuccess { userMfa { user { id } } }
      ... on MfaRevisionConflictError { current { user { id } } }
    }
  }
`
const ADA = { USER_ID: '65a000000000000000000001', EXTERNAL_ID: 'emp-0001', USERNAME: 'ada' }
/** Has a user name and no external id. */
const GRACE = { USER_ID: '65a000000000000000000002', USERNAME: 'grace' }
/** How a front end may hold Ada, each of which must lead to the same id. */
const NAMES = [
  ['USER_ID', ADA.USER_ID],
  ['EMAIL', 'ADA@example.com'],
  ['PHONE', '13800000001'],
  ['EXTERNAL_ID', ADA.EXTERNAL_ID],
  ['USERNAME', ADA.USERNAME],
  ['IDENTITY', '62f20932716fbcc10d966ee5:ou_ada'],
] as const

function startWith(type: keyof typeof ADA, env: Record<string, string> = {}) {
  return startApp({ env: { FEDERATION_USER_ID_TYPE: type, ...env } })
}

function representations(...ids: string[]) {
  return { representations: ids.map(id => ({ __typename: 'User', id })) }
}

describe.each(['USER_ID', 'EXTERNAL_ID', 'USERNAME'] as const)('with FEDERATION_USER_ID_TYPE=%s', type => {
  const id = ADA[type]

  it('a user is looked up by an id of that kind, and found by no other', async () => {
    await using app = await startWith(type)
    const others = Object.values(ADA).filter(other => other !== id)
    const { data, errors } = await app.graphql(ENTITIES, representations(id, ...others))
    expect(errors).toEqual([])
    expect(data._entities).toMatchObject([{ id, mfa: { user: { id } } }, null, null])
  })

  it.each(NAMES)(
    'the id that goes out is of that kind for a user named by %s',
    async (userIdType, userId) => {
      await using app = await startWith(type)
      const { data } = await app.graphql(USER_MFA, { userId, userIdType })
      expect(data.userMfa).toEqual({ user: { id } })
      const input = { userId, userIdType, enable: ['EMAIL'] }
      const set = await app.graphql(SET, { input })
      expect([set.data, set.errors]).toEqual([{ setUserMfaStatus: { userMfa: { user: { id } } } }, []])
      const stale = { input: { ...input, expectedRevision: 'r1.stale' } }
      const { data: conflict } = await app.graphql(SET, stale)
      expect(conflict.setUserMfaStatus).toEqual({ current: { user: { id } } })
    },
  )

  it('the journal names the user by the id of GenAuth', async () => {
    await using app = await startWith(type)
    const { data } = await app.graphql(ENTITIES, representations(id))
    await app.graphql(SET, { input: { userId: data._entities[0].id, userIdType: type, disable: ['SMS'] } })
    expect(app.journal.filter(({ kind }) => kind === 'intent')).toMatchObject([
      { user: { idType: type, genauthId: ADA.USER_ID } },
    ])
  })
})

describe('a user without an id of the kind that the supergraph knows', () => {
  it('has a null user, and no error', async () => {
    await using app = await startWith('EXTERNAL_ID')
    for (const [userIdType, userId] of Object.entries(GRACE)) {
      const { data, errors } = await app.graphql(USER_MFA, { userId, userIdType })
      expect([data.userMfa, errors]).toEqual([{ user: null }, []])
    }
    const { data } = await app.graphql(SET, { input: { userId: GRACE.USER_ID, enable: ['OTP'] } })
    expect(data.setUserMfaStatus).toEqual({ userMfa: { user: null } })
  })

  it.each([null, '', undefined])('is one whose externalId GenAuth answers as %j', async externalId => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env: { FEDERATION_USER_ID_TYPE: 'EXTERNAL_ID' } })
    genauth.reply('get-user', ok({ userId: 'u', externalId }))
    const { data, errors } = await app.graphql(USER_MFA, { userId: 'u', userIdType: 'USER_ID' })
    expect([data.userMfa, errors]).toEqual([{ user: null }, []])
  })
})

describe('what it costs', () => {
  it('is one batch more for fifty users whose id is wanted', async () => {
    await using app = await startWith('EXTERNAL_ID')
    const users = Array.from({ length: 50 }, (_, index) => ({
      userId: `65a${(index + 1).toString(16).padStart(21, '0')}`,
    }))
    const query = `query ($users: [UserRefInput!]!) {
      usersMfa(users: $users) { ... on UsersMfaSuccess { results { payload { ... on UserMfa { user { id } } } } } } }`
    const { data, errors } = await app.graphql(query, { users })
    expect(errors).toEqual([])
    const ids = data.usersMfa.results.map(({ payload }: Json) => payload.user?.id)
    expect(ids.slice(0, 3)).toEqual(['emp-0001', undefined, undefined])
    expect(ids[11]).toBe('emp-0012')
    expect(app.takeCalls().toSorted()).toEqual([...Array(50).fill('get-mfa-status'), 'get-user-batch'])
  })

  it('is nothing for entities, beyond the read of each', async () => {
    await using app = await startWith('EXTERNAL_ID')
    await app.graphql(ENTITIES.replace('user { id }', '').replace('bound', ''), representations('emp-0001'))
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })
})

it('a key that finds nobody is a guess, unless it is an id of GenAuth', async () => {
  const env = { RATE_LIMITS: 'reads=600,writes=120,weakenings=60,misses=2' }
  await using app = await startWith('USERNAME', env)
  await app.graphql(ENTITIES, representations('nobody', 'no-one'))
  const { data, errors } = await app.graphql(ENTITIES, representations('ada'))
  expect(data._entities).toEqual([{ id: 'ada', mfa: null }])
  expect(errors).toMatchObject([{ path: ['_entities', 0, 'mfa'], extensions: { code: 'RATE_LIMITED' } }])

  await using byId = await startWith('USER_ID', env)
  await byId.graphql(ENTITIES, representations('nobody', 'no-one', 'not-a-soul'))
  const found = await byId.graphql(ENTITIES, representations(ADA.USER_ID))
  expect(found.errors).toEqual([])
})
