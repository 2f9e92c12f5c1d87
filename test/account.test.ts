import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const USER = '65b000000000000000000001'
const ACCOUNT = 'account { displayName username status phone phoneCountryCode email lastSignInAt lastMfaAt }'
const READ = /* GraphQL */ `
  query ($userId: String!, $userIdType: UserIdType! = USER_ID) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      __typename
      ... on UserMfa { id ${ACCOUNT} }
      ... on MfaError { code }
    }
  }
`
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { changed userMfa { id ${ACCOUNT} } }
      ... on MfaRevisionConflictError { current { id account { displayName } } }
      ... on MfaError { code }
      ... on MfaUpstreamUnavailableError { outcome }
    }
  }
`
/** What GenAuth knows of a person, with much that nobody asked for. */
const PERSON = {
  userId: USER,
  name: 'Ada Lovelace',
  nickname: 'Countess',
  username: 'ada',
  status: 'Activated',
  phone: CANARY.phone,
  phoneCountryCode: '+86',
  email: CANARY.email,
  externalId: 'emp-1',
  identities: [{ extIdpId: 'source', userIdInIdp: '1' }],
  lastLogin: '2026-11-25T09:30:00.000Z',
  lastMfaTime: '2026-11-25T17:31:02.5+0800',
  lastIp: '203.0.113.77',
  identityNumber: '110101199003077777',
  lastLoginApp: 'app-of-nobody-else',
  birthdate: '1815-12-10',
  customData: { badge: 'secret-badge' },
}
const UNASKED = ['203.0.113.77', '110101199003077777', 'app-of-nobody-else', '1815-12-10', 'secret-badge']
const SHOWN = {
  displayName: 'Ada Lovelace',
  username: 'ada',
  status: 'ACTIVATED',
  phone: '139****5678',
  phoneCountryCode: '+86',
  email: 'c***@example.com',
  lastSignInAt: '2026-11-25T09:30:00.000Z',
  lastMfaAt: '2026-11-25T09:31:02.500Z',
}
const NAMES = [
  ['USER_ID', USER],
  ['PHONE', CANARY.phone],
  ['EMAIL', CANARY.email],
  ['USERNAME', 'ada'],
  ['EXTERNAL_ID', 'emp-1'],
  ['IDENTITY', 'source:1'],
  ['SYNC_RELATION', 'lark:1'],
  ['CUSTOM_FIELD', 'badge:1'],
] as const

async function startGenAuth(person: object = PERSON): Promise<FakeGenAuth> {
  const genauth = await startFakeGenAuth()
  genauth.reply('get-user', ok(person))
  return genauth
}

describe('the id and the account of a user', () => {
  it.each(NAMES)('are the same by %s, and come from one look-up', async (userIdType, userId) => {
    await using genauth = await startGenAuth()
    await using app = await startApp({ upstream: genauth })
    const { data, errors } = await app.graphql(READ, { userId, userIdType })
    expect(errors).toEqual([])
    expect(data.userMfa).toEqual({ __typename: 'UserMfa', id: USER, account: SHOWN })
    const calls = ['get-mfa-status', 'get-user']
    expect(app.takeCalls().toSorted()).toEqual(calls)
    // Both name the one person, whoever else the identifier may fit by then.
    expect(genauth.seenOf('get-mfa-status')[0]?.params).toEqual({ userId: USER, userIdType: 'user_id' })
    const all = READ.replace('id account', 'id user { id } revision account')
    const { data: more } = await app.graphql(all, { userId, userIdType })
    expect(more.userMfa).toMatchObject({ id: USER, user: { id: USER }, account: SHOWN })
    expect(more.userMfa.revision).toMatch(/^r2\./)
    expect(app.takeCalls().toSorted()).toEqual(calls)
  })

  it.each(NAMES)(
    'come with a change by %s, for no look-up more than to find the user',
    async (type, userId) => {
      await using genauth = await startGenAuth()
      await using app = await startApp({ upstream: genauth })
      const { data, errors } = await app.graphql(SET, {
        input: { userId, userIdType: type, enable: ['EMAIL'] },
      })
      expect(errors).toEqual([])
      expect(data.setUserMfaStatus.userMfa).toEqual({ id: USER, account: SHOWN })
      expect(app.takeCalls().toSorted()).toEqual(['get-mfa-status', 'get-user', 'set-mfa-status'])
      const stale = { userId, userIdType: type, enable: ['FACE'], expectedRevision: 'r2.stale' }
      const conflict = await app.graphql(SET, { input: stale })
      const current = { id: USER, account: { displayName: SHOWN.displayName } }
      expect(conflict.data.setUserMfaStatus.current).toEqual(current)
      expect(app.takeCalls().toSorted()).toEqual(['get-mfa-status', 'get-user'])
    },
  )

  it.each([
    ['an entity', '_entities(representations: [{ __typename: "User", id: "emp-1" }]) { ... on User', ''],
    ['the user of a state', `userMfa(userId: "${USER}") { ... on UserMfa { user`, '}'],
  ])('of %s are those of the person whose state is shown', async (_what, field, end) => {
    await using genauth = await startGenAuth()
    await using app = await startApp({ upstream: genauth, env: { FEDERATION_USER_ID_TYPE: 'EXTERNAL_ID' } })
    const { data, errors } = await app.graphql(`{ ${field} { id mfa { id ${ACCOUNT} } } ${end} } }`)
    expect(errors).toEqual([])
    const user = data._entities?.[0] ?? data.userMfa.user
    expect(user).toEqual({ id: 'emp-1', mfa: { id: USER, account: SHOWN } })
    // By the external id GenAuth may mean somebody else by then.
    const states = genauth.seenOf('get-mfa-status').map(({ params }) => params)
    expect(states).toEqual([{ userId: USER, userIdType: 'user_id' }])
  })

  it.each(['USER_ID', 'EMAIL', 'IDENTITY'])('of fifty users by %s come from one batch', async userIdType => {
    await using genauth = await startFakeGenAuth()
    const people = Array.from({ length: 50 }, (_, n) => ({
      userId: `id-${n}`,
      email: `u${n}@example.com`,
      identities: [{ extIdpId: 'source', userIdInIdp: `${n}` }],
      name: `Person ${n}`,
    }))
    genauth.reply('get-user-batch', ok(people.toReversed()))
    await using app = await startApp({ upstream: genauth })
    const users = people.map(({ userId, email }, n) => ({
      userId: { USER_ID: userId, EMAIL: email }[userIdType] ?? `source:${n}`,
      userIdType,
    }))
    const { data, errors } = await app.graphql(
      `query ($users: [UserRefInput!]!) { usersMfa(users: $users) { ... on UsersMfaSuccess {
        results { ref { userId userIdType } payload { ... on UserMfa { id account { displayName } } } } } } }`,
      { users },
    )
    expect(errors).toEqual([])
    expect(data.usersMfa.results).toEqual(
      people.map(({ userId, name }, n) => ({
        ref: users[n],
        payload: { id: userId, account: { displayName: name } },
      })),
    )
    expect(app.takeCalls().toSorted()).toEqual([...Array(50).fill('get-mfa-status'), 'get-user-batch'])
  })

  it('are not found for whoever selects neither', async () => {
    await using genauth = await startGenAuth()
    await using app = await startApp({ upstream: genauth })
    const read = READ.replace(`id ${ACCOUNT}`, 'phone')
    for (const [userIdType, userId] of NAMES) await app.graphql(read, { userId, userIdType })
    expect(app.takeCalls()).toEqual(NAMES.map(() => 'get-mfa-status'))
  })
})

describe('a look-up that fails', () => {
  it.each([
    ['GenAuth does not work', failing(503), 'UPSTREAM_UNAVAILABLE'],
    ['GenAuth knows no such user', failing(404, 2004), 'UPSTREAM_UNAVAILABLE'],
    ['GenAuth answers about another user', ok({ ...PERSON, userId: 'other' }), 'AMBIGUOUS_USER'],
  ])('leaves the account of a user named by USER_ID null, and the rest: %s', async (_why, reply, code) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', reply)
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    const { data, errors } = await app.graphql(READ, { userId: USER })
    expect(data.userMfa).toEqual({ __typename: 'UserMfa', id: USER, account: null })
    expect(errors).toMatchObject([{ path: ['userMfa', 'account'], extensions: { code } }])
  })

  it.each([
    ['GenAuth does not work', failing(503), 'UPSTREAM_UNAVAILABLE'],
    ['GenAuth knows no such user', failing(404, 2004), 'USER_NOT_FOUND'],
    ['the user may be another', ok({ ...PERSON, username: 'eve' }), 'AMBIGUOUS_USER'],
  ])('is the payload of a user named otherwise: %s', async (_why, reply, code) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', reply)
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    for (const fields of ['id', 'account { status }', `id ${ACCOUNT}`]) {
      const document = READ.replace(`id ${ACCOUNT}`, fields)
      const { data, errors } = await app.graphql(document, { userId: 'ada', userIdType: 'USERNAME' })
      expect([data.userMfa.code, errors]).toEqual([code, []])
    }
    expect(app.takeCalls()).not.toContain('get-mfa-status')
  })

  it.each([
    ['USER_ID', 'EXTERNAL_ID', USER],
    ['USERNAME', 'EXTERNAL_ID', 'ada'],
    ['USERNAME', 'USER_ID', 'ada'],
  ])(
    'shows nobody as the user if it is about another one, of a user named by %s, where the supergraph has %s',
    async (userIdType, FEDERATION_USER_ID_TYPE, userId) => {
      await using genauth = await startFakeGenAuth()
      genauth.reply('get-user', ok({ userId: 'other', externalId: 'emp-2', username: 'eve' }))
      await using app = await startApp({ upstream: genauth, env: { FEDERATION_USER_ID_TYPE } })
      const document = READ.replace(`id ${ACCOUNT}`, 'email user { id }')
      const { data, errors } = await app.graphql(document, { userId, userIdType })
      expect(data.userMfa).toEqual({ __typename: 'UserMfa', email: expect.any(String), user: null })
      expect(errors).toMatchObject([{ path: ['userMfa', 'user'], extensions: { code: 'AMBIGUOUS_USER' } }])
    },
  )

  it('that is about another user never says of a change that nothing was changed', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', ok({ ...PERSON, userId: 'other' }))
    await using app = await startApp({ upstream: genauth })
    const { data, errors } = await app.graphql(SET, { input: { userId: USER, enable: ['EMAIL'] } })
    expect(data.setUserMfaStatus).toMatchObject({ changed: true, userMfa: { id: USER, account: null } })
    expect(errors).toMatchObject([{ extensions: { code: 'AMBIGUOUS_USER' } }])
    expect(errors[0].message).toBe(
      'GenAuth may have replied about another user, so this field shows nothing. Read the user again.',
    )
  })

  it.each([
    ['huge', 'x'.repeat(600)],
    ['of other letters than ASCII’s', 'ü'],
    ['blank', ' '],
  ])(
    'is one that answers with an id that is %s: GenAuth is at fault, not the caller',
    async (_what, userId) => {
      await using genauth = await startFakeGenAuth()
      genauth.reply('get-user', ok({ ...PERSON, userId }))
      await using app = await startApp({ upstream: genauth })
      const named = { userId: 'ada', userIdType: 'USERNAME' }
      const { data } = await app.graphql(READ, named)
      expect(data.userMfa.code).toBe('UPSTREAM_UNAVAILABLE')
      const set = await app.graphql(SET, { input: { ...named, enable: ['EMAIL'] } })
      expect(set.data.setUserMfaStatus).toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        outcome: 'NOT_APPLIED',
      })
      expect(app.takeCalls()).toEqual(['get-user', 'get-user'])
    },
  )

  it('says nothing else of a change that was made', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', failing(503))
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    const { data, errors } = await app.graphql(SET, { input: { userId: USER, enable: ['EMAIL'] } })
    expect(data.setUserMfaStatus).toMatchObject({ changed: true, userMfa: { id: USER, account: null } })
    expect(errors).toMatchObject([{ path: ['setUserMfaStatus', 'userMfa', 'account'] }])
  })

  it('leaves the mfa of an entity null, and names the cause', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user', failing(503))
    const env = { FEDERATION_USER_ID_TYPE: 'USERNAME' }
    await using app = await startApp({ upstream: genauth, env, clock: skipWaits(900) })
    const { data, errors } = await app.graphql(
      '{ _entities(representations: [{ __typename: "User", id: "ada" }]) { ... on User { mfa { id } } } }',
    )
    expect(data._entities).toEqual([{ mfa: null }])
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }])
  })
})

describe('a difference that is selected while the state before cannot be read', () => {
  it.each(['changed', 'changes { code }', 'contactChanges { field }', 'effects'])(
    'keeps the change from being made: %s',
    async select => {
      await using genauth = await startFakeGenAuth()
      genauth.reply('get-mfa-status', failing(503))
      await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
      const triggerData = { mfaToken: CANARY.mfaToken }
      const input = { userId: USER, factors: [{ type: 'SMS' }], triggerData }
      const { data, errors } = await app.graphql(SET.replace('changed', select), { input })
      expect(errors).toEqual([])
      expect(data.setUserMfaStatus).toMatchObject({
        __typename: 'MfaUpstreamUnavailableError',
        outcome: 'NOT_APPLIED',
      })
      expect(app.takeCalls()).not.toContain('set-mfa-status')
      const unselected = await app.graphql(SET.replace('changed', 'applied'), { input })
      expect(unselected.data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
    },
  )
})

describe('a difference that is selected of a preview alone', () => {
  it.each([
    ['inline', '... on SetUserMfaStatusPreview { changed contactChanges { field } }', ''],
    ['by name', '...F', 'fragment F on SetUserMfaStatusPreview { ... { effects } }'],
  ])('costs a change no read: %s', async (_how, arm, fragment) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const input = { userId: USER, factors: [{ type: 'SMS' }], triggerData: { mfaToken: CANARY.mfaToken } }
    const set = `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) {
      ... on SetUserMfaStatusSuccess { applied } ${arm} } } ${fragment}`
    const { data } = await app.graphql(set, { input })
    expect(data.setUserMfaStatus).toEqual({ applied: true })
    expect(app.takeCalls()).toEqual(['set-mfa-status'])
  })
})

describe('an account', () => {
  let genauth: FakeGenAuth
  let app: TestApp
  beforeAll(async () => {
    genauth = await startFakeGenAuth()
    app = await startApp({ upstream: genauth })
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await genauth[Symbol.asyncDispose]()
  })

  async function readAccount(person: object): Promise<Json> {
    genauth.reply('get-user', ok({ ...PERSON, ...person }))
    const { data, errors } = await app.graphql(READ, { userId: USER })
    expect(errors).toEqual([])
    return data.userMfa.account
  }

  it.each<[object, string | null]>([
    [{}, 'Ada Lovelace'],
    [{ name: null }, 'Countess'],
    [{ name: '' }, 'Countess'],
    [{ name: ' \u200b\u3164' }, 'Countess'],
    [{ name: {}, nickname: undefined }, 'ada'],
    [{ name: '', nickname: ' ', username: null }, null],
    [{ name: CANARY.phone }, '139****5678'],
    [{ name: `+86 ${CANARY.phone}` }, '+86****5678'],
    [{ name: '139-1234-5678' }, '139****5678'],
    [{ name: CANARY.email.toUpperCase() }, 'C***@EXAMPLE.COM'],
    [{ name: null, nickname: 'other@example.com' }, 'o***@example.com'],
    [{ name: 'Ada @ work' }, 'Ada @ work'],
    [{ name: '10004711' }, '10004711'],
    [{ name: '1', phone: '1' }, '1'],
    [{ name: CANARY.phone, phone: '139****5678' }, '139****5678'],
    [{ name: CANARY.phone, phone: `+86${CANARY.phone}` }, '139****5678'],
    [{ name: '(212) 555-0104', phone: '+12125550104' }, '(21****0104'],
    [{ name: '9123 4567', phone: '****67' }, '****67'],
    [{ name: CANARY.phone, phone: null }, '139****5678'],
    [{ name: `Ada 0086${CANARY.phone}`, phone: null }, 'Ada****5678'],
    [{ name: '+44 (0) 7700 900001', phone: null }, '+44****0001'],
    [{ name: '１３９１２３４５６７８', phone: null }, '１３９****５６７８'],
    [{ name: 'ada＠example.com' }, 'a***@example.com'],
    [{ name: 'Ada <ada@example.com> 212-555-0104' }, 'A***@example.com>'],
    [{ name: 'ada@x.example, bob@example.com' }, 'a***@example.com'],
    [{ name: `x@${CANARY.phone}`, phone: null }, '*******5678'],
    [{ name: '202301123456', phone: null }, '202301123456'],
    [{ name: 'Ada \ud83d' }, 'Ada \ufffd'],
    [{ name: '😀' }, '😀'],
    [{ name: '110101199003077777', phone: null }, '110101199003077777'],
  ])('of %j has the display name %j', async (person, displayName) => {
    expect((await readAccount(person)).displayName).toBe(displayName)
  })

  it.each<[unknown, string | null]>([
    [CANARY.phone, '139****5678'],
    [CANARY.email, 'c***@example.com'],
    ['', null],
    [4711, '4711'],
  ])('whose user name is %j shows %j', async (username, shown) => {
    expect((await readAccount({ username })).username).toBe(shown)
  })

  it.each<[unknown, string | null]>([
    ['Activated', 'ACTIVATED'],
    ['Suspended', 'SUSPENDED'],
    ['Resigned', 'RESIGNED'],
    ['Archived', 'ARCHIVED'],
    ['Deactivated', 'DEACTIVATED'],
    ['deactivated', 'DEACTIVATED'],
    ['Deleted', null],
    [' Activated', null],
    // This letter is an I in capitals alone.
    ['Act\u0131vated', null],
    ['', null],
    [1, null],
    [null, null],
    [undefined, null],
  ])('that GenAuth calls %j has the status %j', async (status, shown) => {
    expect((await readAccount({ status })).status).toBe(shown)
  })

  it.each<[unknown, string | null]>([
    ['2026-11-25T17:31:02.500+0800', '2026-11-25T09:31:02.500Z'],
    ['2026-11-25T17:31:02+08:00', '2026-11-25T09:31:02.000Z'],
    ['2026-11-25T00:31:02-0930', '2026-11-25T10:01:02.000Z'],
    ['2026-11-25T09:31:02.500Z', '2026-11-25T09:31:02.500Z'],
    ['0000-01-01T00:00:00+08:00', null],
    ['9999-12-31T23:59:59-0800', null],
    ['2026-11-25T09:31:02.500', null],
    ['2026-02-31T09:31:02+0800', null],
    ['2026-11-25T25:31:02+0800', null],
    ['2026-11-25T09:31:02+9900', null],
    ['2026-11-25', null],
    ['yesterday', null],
    ['', null],
    [1_764_063_062_500, null],
    [{}, null],
    [null, null],
    [undefined, null],
  ])('that GenAuth dates %j shows %j', async (time, shown) => {
    expect(await readAccount({ lastMfaTime: time, lastLogin: time })).toMatchObject({
      lastMfaAt: shown,
      lastSignInAt: shown,
    })
  })

  it('shows nothing where GenAuth says nothing, and fails at nothing that it says otherwise', async () => {
    const nothing = Object.fromEntries(Object.keys(SHOWN).map(field => [field, null]))
    const others = Object.keys(PERSON).filter(field => field !== 'userId')
    for (const value of [undefined, null, '', {}]) {
      expect(await readAccount(Object.fromEntries(others.map(field => [field, value])))).toEqual(nothing)
    }
  })
})

describe('what is known of a person', () => {
  it('is masked, and nothing else of it goes to anybody', async () => {
    await using genauth = await startGenAuth()
    genauth.stored = triggerData()
    await using app = await startApp({ upstream: genauth, env: { METRICS_PORT: '0' } })
    const answers = []
    for (const [userIdType, userId] of NAMES) {
      answers.push(await app.graphql(READ, { userId, userIdType }))
      answers.push(await app.graphql(SET, { input: { userId, userIdType, enable: ['EMAIL'] } }))
    }
    // The raw contacts are canaries: the watch for leaks finds them anywhere.
    const told = JSON.stringify([answers, app.log, app.journal, await app.metrics()])
    for (const text of UNASKED) expect(told).not.toContain(text)
    const recorded = JSON.stringify([app.log, app.journal, await app.metrics()])
    for (const text of ['Ada Lovelace', 'Countess', '"ada"']) expect(recorded).not.toContain(text)
  })

  it('is asked for again after a change of its own name or phone', async () => {
    await using genauth = await startGenAuth()
    genauth.reply('get-user', ok(PERSON), ok({ ...PERSON, phone: '13700000000' }))
    await using app = await startApp({ upstream: genauth })
    const input = {
      userId: 'ada',
      userIdType: 'USERNAME',
      enable: ['EMAIL'],
      triggerData: { phone: '13700000000' },
    }
    const { data } = await app.graphql(SET, { input })
    expect(data.setUserMfaStatus.userMfa.account.phone).toBe('137****0000')
    expect(app.takeCalls()).toEqual(['get-user', 'get-mfa-status', 'set-mfa-status', 'get-user'])
  })
})
