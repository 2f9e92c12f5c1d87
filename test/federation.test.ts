import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const ADA = '65a000000000000000000001'
const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on User { id mfa { phoneCountryCode factors { code } } }
    }
  }
`

function representations(...ids: unknown[]) {
  return { representations: ids.map(id => ({ __typename: 'User', id })) }
}

describe('the entity User', () => {
  it('has its mfa read once for each user, and is null for one whom GenAuth does not know', async () => {
    await using app = await startApp()
    const [ada, grace] = [ADA, '65a000000000000000000002']
    const { data, errors } = await app.graphql(ENTITIES, representations(ada, 'nobody', grace, ada))
    expect(errors).toEqual([])
    const read = { mfa: { factors: expect.any(Array) } }
    expect(data._entities).toMatchObject([
      { id: ada, ...read },
      null,
      { id: grace, ...read },
      { id: ada, ...read },
    ])
    expect(app.takeCalls()).toEqual(Array(3).fill('get-mfa-status'))
  })

  it('refuses a key that is not a string in its own place', async () => {
    await using app = await startApp()
    const { data, errors } = await app.graphql(ENTITIES, representations(2 ** 53, ADA, null))
    expect(data._entities).toMatchObject([null, { id: ADA }, null])
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['_entities', 0], 'BAD_USER_INPUT'],
      [['_entities', 2], 'BAD_USER_INPUT'],
    ])
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
  })

  it.each([
    ['throttling', failing(429), 'RATE_LIMITED'],
    ['a fault', failing(500), 'UPSTREAM_UNAVAILABLE'],
    ['a missing right', failing(403), 'UPSTREAM_FORBIDDEN'],
  ])('has null mfa, with the code at its path, after %s', async (_kind, reply, code) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    genauth.reply('get-mfa-status', (response, _request, { userId }) => {
      response.end(JSON.stringify(userId === 'a' ? reply.body : ok(triggerData()).body))
    })
    const { data, errors } = await app.graphql(ENTITIES, representations('a', 'b'))
    expect(data._entities.filter((user: { mfa: unknown }) => user.mfa === null)).toHaveLength(1)
    expect(errors).toMatchObject([{ path: ['_entities', expect.any(Number), 'mfa'], extensions: { code } }])
  })

  it.each([
    ['an unknown type', { __typename: 'Nobody', id: '1' }],
    ['a type that is no entity', { __typename: 'UserMfa', id: '1' }],
    ['a type without a name', { id: '1' }],
    ['a user without a key', { __typename: 'User' }],
    ['a user by another key', { __typename: 'User', email: 'ada@example.com' }],
    ['a user by a list', { __typename: 'User', id: [ADA] }],
    ['a type that is inherited', { __typename: '__proto__', id: '1' }],
    ['a type that every object has', { __typename: 'constructor', id: '1' }],
    ['a type of federation', { __typename: '_Service', id: '1' }],
    ['a type below the prototype', JSON.parse(`{"__proto__":{"__typename":"User"},"id":"${ADA}"}`)],
    ['a key below the prototype', JSON.parse(`{"__typename":"User","__proto__":{"id":"${ADA}"}}`)],
    ['a number for a type', { __typename: 5, id: '1' }],
    ['no object', 'User'],
    ['a list', [{ __typename: 'User', id: '1' }]],
  ])('refuses %s in its own place, beside good ones', async (_kind, bad) => {
    await using app = await startApp()
    const good = { __typename: 'User', id: ADA }
    const { data, errors } = await app.graphql(ENTITIES, { representations: [good, bad, good] })
    expect(data._entities).toMatchObject([{ id: good.id }, null, { id: good.id }])
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } }])
    expect(app.log.filter(line => line.level === 'error')).toEqual([])
  })

  it('answers fifty users with fifty reads, and not one more for who stands there again', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const ids = Array.from({ length: 50 }, (_, index) => `u${index}`)
    const { data, errors } = await app.graphql(ENTITIES, representations(...ids, ...ids, ...ids))
    expect(errors).toEqual([])
    expect(data._entities.map((user: { id: string }) => user.id)).toEqual([...ids, ...ids, ...ids])
    expect(app.takeCalls()).toEqual(Array(50).fill('get-mfa-status'))
    expect(genauth.seenOf('get-mfa-status').map(({ params }) => params.userId)).toEqual(ids)
  })

  it.each([
    ['more than fifty users', Array.from({ length: 51 }, (_, index) => `u${index}`)],
    ['one user at more than 250 places', Array(251).fill(ADA)],
  ])('refuses %s, without asking GenAuth', async (_what, ids) => {
    await using app = await startApp()
    const { status, data, errors } = await app.graphql(ENTITIES, representations(...ids))
    expect([status, data]).toEqual([200, null])
    expect(errors).toMatchObject([
      {
        message: 'At most 50 different entities, at 250 places, can be asked for at once.',
        path: ['_entities'],
        extensions: { code: 'LIMIT_EXCEEDED' },
      },
    ])
    expect(app.takeCalls()).toEqual([])
  })

  it.each([
    ['one user at more than 250 places', Array(26).fill(ADA)],
    ['more than fifty users', null],
  ])('refuses %s in ten root fields together, without asking GenAuth', async (_what, ids) => {
    await using app = await startApp()
    const names = Array.from({ length: 10 }, (_, field) => `f${field}`)
    const variables = Object.fromEntries(
      names.map((name, field) => [
        name,
        representations(...(ids ?? Array.from({ length: 6 }, (_, n) => `u${field}-${n}`))).representations,
      ]),
    )
    const query = `query (${names.map(name => `$${name}: [_Any!]!`)}) {
      ${names.map(name => `${name}: _entities(representations: $${name}) { ... on User { id } }`)} }`
    const { data, errors } = await app.graphql(query, variables)
    expect(data).toBeNull()
    expect(errors.map(error => error.extensions.code)).toEqual(['LIMIT_EXCEEDED'])
    expect(app.takeCalls()).toEqual([])
  })

  it('is refused as a whole to who may not read, whatever is selected, without asking GenAuth', async () => {
    await using app = await startApp({ claims: { scope: 'openid' } })
    for (const selection of ['__typename', 'id', 'mfa { revision }']) {
      const query = `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on User { ${selection} } } }`
      const { data, errors } = await app.graphql(query, representations(ADA))
      expect(data).toBeNull()
      expect(errors).toMatchObject([{ path: ['_entities'], extensions: { code: 'FORBIDDEN' } }])
    }
    expect(app.takeCalls()).toEqual([])
  })

  it('refuses a blank id without asking GenAuth', async () => {
    await using app = await startApp()
    const blank = await app.graphql(ENTITIES, representations(' '))
    expect(blank.errors).toMatchObject([
      {
        message: 'The identifier must not be blank.',
        path: ['_entities', 0, 'mfa'],
        extensions: { code: 'INVALID_INPUT' },
      },
    ])
    expect(app.takeCalls()).toEqual([])
  })
})
