import { describe, expect, it } from 'vitest'
import { findUserIdFault } from '../src/mfa/user-ref.ts'
import { type Json, startApp } from './support/app.ts'
import { ok, startFakeGenAuth } from './support/fake-genauth.ts'

const ID = '65a0000000000000000000ab'
const CAPITALS = ID.toUpperCase()
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on MfaPolicyViolationError { rule }
      ... on MfaInvalidInputError { fieldErrors { path message } }
    }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess {
        results { payload { __typename ... on MfaDuplicateUserError { firstIndex } ... on MfaInvalidInputError { fieldErrors { path } } } }
      }
    }
  }
`
const READ_SEVERAL = /* GraphQL */ `
  query ($users: [UserRefInput!]!) {
    usersMfa(users: $users) {
      ... on UsersMfaSuccess { results { payload { __typename ... on MfaInvalidInputError { fieldErrors { path } } } } }
    }
  }
`

function ofKind(records: readonly Json[], kind: string): Json[] {
  return records.filter(record => record.kind === kind)
}

describe('GenAuth’s id in capitals and in small letters is one person', () => {
  it.each([
    [ID, CAPITALS],
    [CAPITALS, ID],
  ])('who does not weaken themselves: token %s, request %s', async (sub, userId) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, claims: { sub } })
    const { data } = await app.graphql(SET, { input: { userId, disable: ['SMS'] } })
    expect(data.setUserMfaStatus.rule).toBe('OWN_USER')
  })

  it('who is set once, read once, and found in the journal by one hash', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const users = [{ userId: ID }, { userId: CAPITALS }]
    const { data } = await app.graphql(SET_SEVERAL, { input: { users, disable: ['SMS'] } })
    expect(data.setUsersMfaStatus.results).toMatchObject([{}, { payload: { firstIndex: 0 } }])
    await app.graphql(SET, { input: { userId: CAPITALS, enable: ['SMS'] } })
    const [first, second] = ofKind(app.journal, 'intent')
    expect(second.user).toEqual(first.user)
    expect(second.user.genauthId).toBe(ID)
    app.takeCalls()
    await app.graphql(READ_SEVERAL, { users })
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
    const wire = genauth.seen.map(({ params }) => params.userId).filter(userId => userId !== undefined)
    expect(new Set(wire)).toEqual(new Set([ID]))
  })

  it('who is one however GenAuth spells the id', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ userId: CAPITALS }))
    await using app = await startApp({ upstream: genauth, claims: { sub: ID } })
    const byName = { userId: 'ada', userIdType: 'USERNAME' }
    const own = await app.graphql(SET, { input: { ...byName, disable: ['SMS'] } })
    expect(own.data.setUserMfaStatus.rule).toBe('OWN_USER')
    const several = { users: [{ userId: ID }, byName], factors: [{ type: 'SMS' }] }
    const { data } = await app.graphql(SET_SEVERAL, { input: several })
    expect(data.setUsersMfaStatus.results[1].payload).toEqual({
      __typename: 'MfaDuplicateUserError',
      firstIndex: 0,
    })
  })

  it('who is one entity, by the one spelling', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const representations = [ID, CAPITALS].map(id => ({ __typename: 'User', id }))
    const { data } = await app.graphql(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { id mfa { phone } } } }',
      { representations },
    )
    expect(data._entities.map((user: Json) => user.id)).toEqual([ID, ID])
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })
})

/** White space, fillers, joiners and marks that show nothing. */
const BLANKS = [
  ...'\u0009\u000a\u0020\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u180b\u180e\u2000\u2007\u200a',
  ...'\u200b\u200c\u200d\u200e\u2028\u2029\u202f\u205f\u2060\u2061\u2800\u3000\u3164\ufe0f\ufeff\uffa0\u{e0100}',
]

describe('a blank at an end of an identifier', () => {
  it.each(['USER_ID', 'PHONE', 'EMAIL', 'USERNAME', 'EXTERNAL_ID', 'CUSTOM_FIELD'])(
    'is refused of any kind, and the field is named: %s',
    async userIdType => {
      await using app = await startApp()
      for (const document of [READ_SEVERAL, SET_SEVERAL]) {
        for (const spell of [(blank: string) => `${blank}${ID}`, (blank: string) => `${ID}${blank}`]) {
          const users = BLANKS.map(blank => ({ userId: spell(blank), userIdType }))
          const variables = document === READ_SEVERAL ? { users } : { input: { users, disable: ['SMS'] } }
          const [payload] = Object.values((await app.graphql(document, variables)).data)
          const root = document === READ_SEVERAL ? [] : ['input']
          expect((payload as Json).results).toEqual(
            users.map((_, index) => ({
              payload: {
                __typename: 'MfaInvalidInputError',
                fieldErrors: [{ path: [...root, 'users', `${index}`, 'userId'] }],
              },
            })),
          )
        }
      }
      expect(app.takeCalls()).toEqual([])
    },
  )

  it('is refused of the parts of an identity, of an entity, and of a single user', async () => {
    await using app = await startApp()
    for (const userId of ['source :id', 'source\u3164:id', 'source:\u00a0id']) {
      for (const userIdType of ['IDENTITY', 'SYNC_RELATION']) {
        const { data } = await app.graphql(SET, { input: { userId, userIdType, disable: ['SMS'] } })
        expect(data.setUserMfaStatus).toMatchObject({ fieldErrors: [{ path: ['input', 'userId'] }] })
      }
    }
    const entity = await app.graphql(
      `{ _entities(representations: [{ __typename: "User", id: "${ID}\u2800" }]) { ... on User { mfa { phone } } } }`,
    )
    expect(entity.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
    expect(app.takeCalls()).toEqual([])
  })

  it.each([
    '６5b000000000000000000001',
    '65b0000000000000000\u034f00001',
    '65b000000000 000000000001',
    '65b\u0661',
  ])('is no part of GenAuth’s own id: %j, nor is a digit of another script', async userId => {
    expect(findUserIdFault({ userId, userIdType: 'USER_ID' })).toMatch(/visible ASCII/)
    expect(findUserIdFault({ userId, userIdType: 'USERNAME' })).toBeNull()
  })

  it('is left alone inside, since only GenAuth knows how it compares', async () => {
    await using app = await startApp()
    await app.graphql(SET, {
      input: { userId: 'ada\u00a0lovelace', userIdType: 'USERNAME', disable: ['SMS'] },
    })
    expect(app.takeCalls()).toEqual(['get-user'])
  })
})
