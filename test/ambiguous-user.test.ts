import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { ok, startFakeGenAuth } from './support/fake-genauth.ts'

const USER = '65b000000000000000000001'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) { __typename ... on MfaError { code retryable } }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess { results { payload { __typename ... on MfaError { code } } } }
    }
  }
`
const AMBIGUOUS = { __typename: 'MfaAmbiguousUserError', code: 'AMBIGUOUS_USER' }

describe('a user who may be somebody else', () => {
  it.each([
    ['PHONE', '13800000001', { phone: '13800000002' }],
    ['EMAIL', 'ada@example.com', { email: 'eve@example.com' }],
    ['USERNAME', 'ada', { username: 'eve' }],
    ['EXTERNAL_ID', 'emp-1', { externalId: 'emp-2' }],
    ['IDENTITY', 'source:1', { identities: [{ extIdpId: 'other', userIdInIdp: '1' }] }],
  ])('is not set, by %s', async (userIdType, userId, shown) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ userId: USER, ...shown }))
    await using app = await startApp({ upstream: genauth })
    for (const dryRun of [false, true]) {
      const { data } = await app.graphql(SET, { input: { userId, userIdType, disable: ['SMS'], dryRun } })
      expect(data.setUserMfaStatus).toEqual({ ...AMBIGUOUS, retryable: false })
    }
    expect(app.takeCalls()).toEqual(['get-user', 'get-user'])
    const asked = userIdType === 'IDENTITY' ? 'true' : undefined
    expect(genauth.seenOf('get-user').map(({ params }) => params.withIdentities)).toEqual([asked, asked])
  })

  it('is not set where two share the identifier, and the others of the list are', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply(
      'get-user-batch',
      ok([
        { userId: '65b000000000000000000002', phone: '13800000001' },
        { userId: '65b000000000000000000003', phone: '13800000001' },
        { userId: '65b000000000000000000004', phone: '13800000004' },
        { userId: '65b000000000000000000004', phone: '13800000004' },
      ]),
    )
    genauth.reply('get-user', ok({ userId: '65b000000000000000000002', phone: '13800000001' }))
    await using app = await startApp({ upstream: genauth })
    const users = ['13800000001', '13800000004'].map(userId => ({ userId, userIdType: 'PHONE' }))
    const { data } = await app.graphql(SET_SEVERAL, { input: { users, disable: ['SMS'] } })
    expect(data.setUsersMfaStatus.results).toEqual([
      { payload: AMBIGUOUS },
      { payload: { __typename: 'SetUserMfaStatusSuccess' } },
    ])
    const written = genauth.seenOf('set-mfa-status').map(({ params }) => params.userId)
    expect(written).toEqual(['65b000000000000000000004'])
  })

  it('has no revision as an entity, and another one has the same as by GenAuth’s id', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply(
      'get-user',
      ok({ userId: USER, externalId: 'emp-1' }),
      ok({ userId: USER, externalId: 'emp-2' }),
    )
    await using app = await startApp({
      upstream: genauth,
      env: { FEDERATION_USER_ID_TYPE: 'EXTERNAL_ID' },
    })
    const byId = await app.graphql(`{ userMfa(userId: "${USER}") { ... on UserMfa { revision } } }`)
    const asEntity = () =>
      app.graphql(
        '{ _entities(representations: [{ __typename: "User", id: "emp-1" }]) { ... on User { mfa { revision } } } }',
      )
    expect((await asEntity()).data._entities).toEqual([{ mfa: byId.data.userMfa }])
    const other = await asEntity()
    expect(other.data._entities).toEqual([{ mfa: null }])
    expect(other.errors).toMatchObject([{ extensions: { code: 'AMBIGUOUS_USER' } }])
  })

  it('has no revision to set by, and is shown all the same where none is asked for', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ userId: USER, phone: '13800000002' }))
    await using app = await startApp({ upstream: genauth })
    const read = (fields: string) =>
      app.graphql(
        `{ userMfa(userId: "13800000001", userIdType: PHONE) { __typename ... on UserMfa { ${fields} } ... on MfaError { code } } }`,
      )
    expect((await read('phoneCountryCode revision')).data.userMfa).toEqual(AMBIGUOUS)
    expect((await read('phoneCountryCode')).data.userMfa.__typename).toBe('UserMfa')
  })
})
