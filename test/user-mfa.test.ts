import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const ADA = '65a000000000000000000001'

const READ = /* GraphQL */ `
  query ($userId: String!, $userIdType: UserIdType!) {
    userMfa(userId: $userId, userIdType: $userIdType) {
      __typename
      ... on UserMfa { user { id } factors { code enabled sort } }
      ... on MfaError { code message }
      ... on MfaInvalidInputError { fieldErrors { path message } }
    }
  }
`

describe('a read', () => {
  it.each([
    ['USER_ID', ADA],
    ['PHONE', '13800000001'],
    ['EMAIL', 'ADA@example.com'],
    ['USERNAME', 'ada'],
    ['EXTERNAL_ID', 'emp-0001'],
    ['IDENTITY', '62f20932716fbcc10d966ee5:ou_ada'],
    ['SYNC_RELATION', 'lark:ou_ada'],
    ['CUSTOM_FIELD', 'badge:B-0001'],
  ])('finds the same user by %s and shows GenAuth’s own id', async (userIdType, userId) => {
    await using app = await startApp()
    const { data } = await app.graphql(READ, { userId, userIdType })
    expect(data.userMfa).toEqual({
      __typename: 'UserMfa',
      user: { id: ADA },
      factors: [
        { code: 'SMS', enabled: true, sort: 0 },
        { code: 'OTP', enabled: true, sort: 1 },
        { code: 'EMAIL', enabled: false, sort: 2 },
      ],
    })
    expect(app.takeCalls()).toEqual(
      userIdType === 'USER_ID' ? ['get-mfa-status'] : ['get-mfa-status', 'get-user'],
    )
  })

  it('answers an unknown user as data', async () => {
    await using app = await startApp()
    const { data, errors } = await app.graphql(READ, { userId: 'nobody', userIdType: 'USERNAME' })
    expect(errors).toEqual([])
    expect(data.userMfa).toEqual({
      __typename: 'MfaUserNotFoundError',
      code: 'USER_NOT_FOUND',
      message: 'GenAuth knows no user with this identifier. Correct the identifier or its type.',
    })
  })

  it.each([
    ['blank', '  ', 'USER_ID'],
    ['empty', '', 'EMAIL'],
    ['513 characters long', 'x'.repeat(513), 'USERNAME'],
    ['with a line break', 'a\r\nx-evil: 1', 'USERNAME'],
    ['with a NUL', 'a\u0000b', 'EXTERNAL_ID'],
    ['with a zero-width joiner', 'a\u200db', 'EMAIL'],
    ['with a right-to-left override', 'a\u202eb', 'CUSTOM_FIELD'],
    ['with a private-use character', 'a\ue000b', 'CUSTOM_FIELD'],
    ['with half a surrogate pair', 'a\ud800b', 'USERNAME'],
    ['without its colon', '62f20932716fbcc10d966ee5', 'IDENTITY'],
    ['without its provider', ':ou_ada', 'SYNC_RELATION'],
  ])('refuses an identifier %s before GenAuth is asked', async (_kind, userId, userIdType) => {
    await using app = await startApp()
    const { status, data } = await app.graphql(READ, { userId, userIdType })
    expect(status).toBe(200)
    expect(data.userMfa).toMatchObject({
      __typename: 'MfaInvalidInputError',
      code: 'INVALID_INPUT',
      fieldErrors: [{ path: ['userId'] }],
    })
    expect(app.takeCalls()).toEqual([])
  })

  it.each(['x&userIdType=email', '../../get-management-token', '%0d%0a', 'x#y', 'a+b c', '张三😀é'])(
    'sends the identifier %s as it is, encoded',
    async userId => {
      await using genauth = await startFakeGenAuth()
      await using app = await startApp({ upstream: genauth })
      await app.graphql(READ, { userId, userIdType: 'USERNAME' })
      const [request] = genauth.seenOf('get-mfa-status')
      expect(request?.params).toEqual({ userId, userIdType: 'username' })
    },
  )

  it('refuses a number for an identifier instead of rounding it', async () => {
    await using app = await startApp()
    const { status, errors } = await app.graphql(READ, { userId: 2 ** 53, userIdType: 'USER_ID' })
    expect(status).toBe(400)
    expect(errors[0]).toMatchObject({
      message: 'Variable "$userId" is not valid at "userId": expected a value of type "String!".',
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('puts factors in sign-in order, ties as GenAuth lists them, unknown ones included', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const applicationMfa = [
      { mfaPolicy: 'OTP', status: 1, sort: 0 },
      { mfaPolicy: 'PASSKEY', status: 7, sort: 0 },
      { mfaPolicy: 'EMAIL', status: 0, sort: -1.5 },
      { mfaPolicy: 'SMS', status: 1, sort: 9e12, extra: true },
    ]
    genauth.reply('get-mfa-status', ok(triggerData({ applicationMfa })))
    const { data, errors } = await app.graphql(
      `{ userMfa(userId: "u") { ... on UserMfa { factors { code type enabled sort bound } } } }`,
    )
    expect(errors).toEqual([])
    expect(data.userMfa.factors).toEqual([
      { code: 'EMAIL', type: 'EMAIL', enabled: false, sort: -1, bound: false },
      { code: 'OTP', type: 'OTP', enabled: true, sort: 0, bound: true },
      { code: 'PASSKEY', type: null, enabled: true, sort: 0, bound: null },
      { code: 'SMS', type: 'SMS', enabled: true, sort: 2147483647, bound: true },
    ])
  })

  it('masks contacts and shows the flags as GenAuth stores them', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const { data } = await app.graphql(
      `{ userMfa(userId: "u") { ... on UserMfa { phone phoneCountryCode email totpMfaEnabled faceMfaEnabled } } }`,
    )
    expect(data.userMfa).toEqual({
      phone: '139****5678',
      phoneCountryCode: '+86',
      email: 'c***@example.com',
      totpMfaEnabled: true,
      faceMfaEnabled: false,
    })
  })

  it('takes null and absence alike, and null data for an empty state', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const read = `{ userMfa(userId: "u") { ... on UserMfa { phone email totpMfaEnabled posture factors { code } } } }`
    const empty = { phone: null, email: null, totpMfaEnabled: null, posture: 'UNPROTECTED', factors: [] }
    genauth.reply(
      'get-mfa-status',
      ok(null),
      ok({ applicationMfa: null, mfaToken: null, mfaPhone: null }),
      ok({}),
    )
    for (let round = 0; round < 3; round++) expect((await app.graphql(read)).data.userMfa).toEqual(empty)
  })
})

describe('what costs a second read', () => {
  it('reads bindings once for a user, only when selected', async () => {
    await using app = await startApp()
    await app.graphql(`{ userMfa(userId: "${ADA}") { ... on UserMfa { factors { code } phone } } }`)
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
    await app.graphql(`{
      a: userMfa(userId: "${ADA}") { ... on UserMfa { posture factors { bound } user { mfa { posture } } } }
      b: userMfa(userId: "${ADA}") { ... on UserMfa { posture } }
    }`)
    expect(app.takeCalls()).toEqual(['get-mfa-status', 'get-user-mfa-info'])
  })

  it.each([
    ['enabled', true],
    ['disabled', false],
    [true, true],
    [false, false],
    [null, null],
    ['perhaps', null],
  ])('takes the binding status %s for %s', async (smsMfaStatus, bound) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply(
      'get-user-mfa-info',
      ok({ totpStatus: 'disabled', faceMfaStatus: 'disabled', smsMfaStatus }),
    )
    const { data } = await app.graphql(
      `{ userMfa(userId: "u") { ... on UserMfa { factors { code bound } } } }`,
    )
    expect(data.userMfa.factors[0]).toEqual({ code: 'SMS', bound })
  })

  it('turns a failing second read into null with an error at its path', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-user-mfa-info', failing(500))
    genauth.reply('get-user', failing(404, 2004))
    const { status, data, errors } = await app.graphql(
      `{ userMfa(userId: "u", userIdType: USERNAME) { ... on UserMfa { phoneCountryCode posture user { id } } } }`,
    )
    expect(status).toBe(200)
    expect(data.userMfa).toEqual({ phoneCountryCode: '+86', posture: null, user: null })
    expect(errors.map(({ path, extensions }) => [path.join('.'), extensions.code]).sort()).toEqual([
      ['userMfa.posture', 'UPSTREAM_UNAVAILABLE'],
      ['userMfa.user', 'UPSTREAM_UNAVAILABLE'],
    ])
  })
})
