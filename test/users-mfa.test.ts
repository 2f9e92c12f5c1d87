import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const READ = /* GraphQL */ `
  query ($users: [UserRefInput!]!) {
    usersMfa(users: $users) {
      __typename
      ... on UsersMfaSuccess {
        results {
          ref { userId userIdType }
          payload {
            __typename
            ... on UserMfa { user { id } factors { code } }
            ... on MfaInvalidInputError { fieldErrors { path } }
          }
        }
      }
      ... on MfaInvalidInputError { fieldErrors { path message } }
    }
  }
`
const READ_FACTORS = READ.replace('user { id }', '')

function idOf(serial: number): string {
  return `65a0000000000000000000${serial.toString(16).padStart(2, '0')}`
}

function idsOf(results: Json[]): string[] {
  return results.map(({ payload }) => payload.user.id)
}

describe('a read of several users', () => {
  it('costs one read for each of 50 users and answers in their order', async () => {
    await using app = await startApp()
    const users = Array.from({ length: 50 }, (_, index) => ({ userId: idOf(50 - index) }))
    const { data } = await app.graphql(READ, { users })
    expect(idsOf(data.usersMfa.results)).toEqual(users.map(user => user.userId))
    expect(app.takeCalls()).toEqual(Array.from({ length: 50 }, () => 'get-mfa-status'))
  })

  it('reads a user who is named twice once', async () => {
    await using app = await startApp()
    await app.graphql(READ_FACTORS, {
      users: [{ userId: idOf(1) }, { userId: idOf(2) }, { userId: idOf(1) }],
    })
    expect(app.takeCalls()).toEqual(['get-mfa-status', 'get-mfa-status'])
  })

  it('does not let one bad user blank the others', async () => {
    await using app = await startApp()
    const users = [
      { userId: idOf(1) },
      { userId: 'no-colon', userIdType: 'IDENTITY' },
      { userId: 'nobody', userIdType: 'USERNAME' },
      { userId: 'ada', userIdType: 'USERNAME' },
    ]
    const { data, errors } = await app.graphql(READ, { users })
    expect(errors).toEqual([])
    expect(data.usersMfa.results).toMatchObject([
      { payload: { __typename: 'UserMfa', user: { id: idOf(1) } } },
      { payload: { __typename: 'MfaInvalidInputError', fieldErrors: [{ path: ['users', '1', 'userId'] }] } },
      { payload: { __typename: 'MfaUserNotFoundError' } },
      { payload: { __typename: 'UserMfa', user: { id: idOf(1) } } },
    ])
    expect(data.usersMfa.results.map(({ ref }: Json) => ref)).toEqual(
      users.map(user => ({ userIdType: 'USER_ID', ...user })),
    )
  })

  it.each([0, 51])('refuses a list of %i users before GenAuth is asked', async count => {
    await using app = await startApp()
    const { data } = await app.graphql(READ, {
      users: Array.from({ length: count }, () => ({ userId: idOf(1) })),
    })
    expect(data.usersMfa).toEqual({
      __typename: 'MfaInvalidInputError',
      fieldErrors: [{ path: ['users'], message: 'The list must name from 1 to 50 users.' }],
    })
    expect(app.takeCalls()).toEqual([])
  })
})

describe('GenAuth ids of several users', () => {
  it('come from one batch for each id type, matched by the field asked for', async () => {
    await using app = await startApp()
    const users = [
      { userId: 'grace', userIdType: 'USERNAME' },
      { userId: 'ADA@example.com', userIdType: 'EMAIL' },
      { userId: 'ada', userIdType: 'USERNAME' },
      { userId: 'grace@example.com', userIdType: 'EMAIL' },
    ]
    const { data } = await app.graphql(READ, { users })
    const ids = idsOf(data.usersMfa.results)
    expect(ids).toEqual([idOf(2), idOf(1), idOf(1), idOf(2)])
    expect(app.takeCalls().filter(call => call !== 'get-mfa-status')).toEqual([
      'get-user-batch',
      'get-user-batch',
    ])
  })

  it('are asked for one by one where a batch matches nobody, or two', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply(
      'get-user-batch',
      ok([
        { userId: 'wrong-1', phone: '2125550100' },
        { userId: 'wrong-2', phone: '2125550100' },
      ]),
    )
    const users = ['2125550100', '2125550199'].map(userId => ({ userId, userIdType: 'PHONE' }))
    const { data, errors } = await app.graphql(READ, { users })
    // Two users share the first phone, so nobody is shown for it.
    const ids = data.usersMfa.results.map(({ payload }: Json) => payload.user?.id ?? null)
    expect(ids).toEqual([null, '65b000000000000000000001'])
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['AMBIGUOUS_USER'])
    expect(genauth.seenOf('get-user').map(request => request.params.userId)).toEqual([
      '2125550100',
      '2125550199',
    ])
  })

  it.each([
    ['an unknown one', failing(404, 2004)],
    ['a locked one', failing(422, 2005)],
  ])('survive %s that fails the whole batch', async (_kind, reply) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-user-batch', reply)
    const users = ['a', 'b'].map(userId => ({ userId, userIdType: 'USERNAME' }))
    const { data } = await app.graphql(READ, { users })
    const id = '65b000000000000000000001'
    expect(idsOf(data.usersMfa.results)).toEqual([id, id])
  })

  it('are matched by identity source and id, split at the first colon, without a look-up more', async () => {
    await using app = await startApp()
    const users = ['62f20932716fbcc10d966ee5:ou:李雷:7', '62f20932716fbcc10d966ee5:ou_ada']
    const { data } = await app.graphql(READ, {
      users: users.map(userId => ({ userId, userIdType: 'IDENTITY' })),
    })
    expect(idsOf(data.usersMfa.results)).toEqual([idOf(7), idOf(1)])
    expect(app.takeCalls().filter(call => call.startsWith('get-user'))).toEqual(['get-user-batch'])
  })

  it('of sync relations and custom fields are asked for one by one, since no answer shows them', async () => {
    await using app = await startApp()
    const users = ['lark:ou_ada', 'ldap:uid=lilei,dc=example:7'].map(userId => ({
      userId,
      userIdType: 'SYNC_RELATION',
    }))
    const badges = ['badge:B-0001', 'badge:B:0007'].map(userId => ({ userId, userIdType: 'CUSTOM_FIELD' }))
    const { data } = await app.graphql(READ, { users: [...users, ...badges] })
    const ids = idsOf(data.usersMfa.results)
    expect(ids).toEqual([idOf(1), idOf(7), idOf(1), idOf(7)])
    expect(app.takeCalls().filter(call => call.startsWith('get-user'))).toEqual(Array(4).fill('get-user'))
  })

  it('of more than fifty users come from several batches', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const list = (from: number) =>
      Array.from({ length: 50 }, (_, index) => `{ userId: "u${from + index}", userIdType: USERNAME }`)
    const read = (from: number) =>
      `usersMfa(users: [${list(from)}]) { ... on UsersMfaSuccess { results { payload { ... on UserMfa { user { id } } } } } }`
    const known = Array.from({ length: 100 }, (_, index) => ({ userId: `id${index}`, username: `u${index}` }))
    genauth.reply('get-user-batch', ok(known.slice(0, 50)), ok(known.slice(50)))
    const { data } = await app.graphql(`{ a: ${read(0)} b: ${read(50)} }`)
    expect(data.b.results[49].payload.user.id).toBe('id99')
    expect(app.takeCalls().filter(call => call.startsWith('get-user'))).toEqual([
      'get-user-batch',
      'get-user-batch',
    ])
  })

  it('survive one malformed identifier that fails the whole batch', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-user-batch', failing(400))
    genauth.reply('get-mfa-status', ok(triggerData()))
    const users = ['a@example.com', 'test#x.com'].map(userId => ({ userId, userIdType: 'EMAIL' }))
    const { data } = await app.graphql(READ, { users })
    expect(data.usersMfa.results[0].payload.user.id).toBe('65b000000000000000000001')
    expect(genauth.seenOf('get-user')).toHaveLength(2)
  })
})
