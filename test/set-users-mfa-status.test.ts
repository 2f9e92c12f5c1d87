import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const SET = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      __typename
      ... on SetUsersMfaStatusSuccess {
        succeeded failed notAttempted
        results {
          ref { userId userIdType }
          payload {
            __typename
            ... on SetUserMfaStatusSuccess { applied verified userMfa { user { id } factors { code } } }
            ... on SetUserMfaStatusPreview { userId after { factors { code } } }
            ... on MfaInvalidInputError { fieldErrors { path } }
            ... on MfaDuplicateUserError { firstIndex retryable }
            ... on MfaNotAttemptedError { retryable }
            ... on MfaRevisionConflictError { current { revision } }
            ... on MfaUpstreamUnavailableError { outcome }
          }
        }
      }
      ... on MfaInvalidInputError { fieldErrors { path message } }
    }
  }
`

function idOf(serial: number): string {
  return `65a0000000000000000000${serial.toString(16).padStart(2, '0')}`
}

/** Returns what came of each user, once each is known to stand beside the entry that it belongs to. */
function payloadsOf(results: Json[], users: Json[]): Json[] {
  const refs = users.map(({ userId, userIdType = 'USER_ID' }) => ({ userId, userIdType }))
  expect(results.map(({ ref }) => ref)).toEqual(refs)
  return results.map(({ payload }) => payload)
}

describe('a set of several users', () => {
  it('sets fifty, by mixed identifiers, in their order, with one look-up for each id type', async () => {
    await using app = await startApp()
    const users: Json[] = Array.from({ length: 46 }, (_, index) => ({ userId: idOf(64 - index) }))
    users.push(
      { userId: 'grace', userIdType: 'USERNAME' },
      { userId: 'ada@example.com', userIdType: 'EMAIL' },
      { userId: 'alan', userIdType: 'USERNAME' },
      { userId: 'katherine@example.com', userIdType: 'EMAIL' },
    )
    const { data } = await app.graphql(SET, {
      input: { users, factors: [{ type: 'OTP' }, { type: 'FACE' }] },
    })
    const set = data.setUsersMfaStatus
    expect(set).toMatchObject({ succeeded: 50, failed: 0, notAttempted: 0 })
    const payloads = payloadsOf(set.results, users)
    expect(payloads.map(({ userMfa }) => userMfa.user.id)).toEqual([
      ...users.slice(0, 46).map(user => user.userId),
      ...[2, 1, 3, 4].map(idOf),
    ])
    for (const { userMfa } of payloads) expect(userMfa.factors).toEqual([{ code: 'OTP' }, { code: 'FACE' }])
    const calls = app.takeCalls()
    expect(calls.filter(call => call === 'get-user-batch')).toHaveLength(2)
    expect(calls.filter(call => call === 'get-user')).toHaveLength(0)
    // Those who lose a factor are read back.
    const verified = payloads.filter(({ verified }) => verified).length
    expect(verified).toBeGreaterThan(0)
    expect(calls.filter(call => call === 'get-mfa-status')).toHaveLength(50 + verified)
    expect(calls.filter(call => call === 'set-mfa-status')).toHaveLength(50)
  })

  it('lets each fail by itself, and counts', async () => {
    await using app = await startApp()
    const users = [
      { userId: idOf(1) },
      { userId: 'no-colon', userIdType: 'IDENTITY' },
      { userId: 'nobody', userIdType: 'USERNAME' },
      { userId: idOf(6) },
      { userId: idOf(2), expectedRevision: 'r1.not-this-one' },
      { userId: idOf(3), expectedRevision: 'v9' },
      { userId: idOf(4) },
    ]
    const { data, errors } = await app.graphql(SET, { input: { users, enable: ['FACE'] } })
    expect(errors).toEqual([])
    const { results, ...counts } = data.setUsersMfaStatus
    expect(counts).toMatchObject({ succeeded: 2, failed: 5, notAttempted: 0 })
    expect(payloadsOf(results, users)).toMatchObject([
      { __typename: 'SetUserMfaStatusSuccess' },
      { __typename: 'MfaInvalidInputError', fieldErrors: [{ path: ['input', 'users', '1', 'userId'] }] },
      { __typename: 'MfaUserNotFoundError' },
      { __typename: 'MfaOperationRefusedError' },
      { __typename: 'MfaRevisionConflictError', current: { revision: expect.stringMatching(/^r2\./) } },
      {
        __typename: 'MfaInvalidInputError',
        fieldErrors: [{ path: ['input', 'users', '5', 'expectedRevision'] }],
      },
      { __typename: 'SetUserMfaStatusSuccess' },
    ])
  })

  it('sets a user who is named twice once, also by two identifiers', async () => {
    await using app = await startApp()
    const users = [
      { userId: idOf(2) },
      { userId: 'ada', userIdType: 'USERNAME' },
      { userId: idOf(1) },
      { userId: 'GRACE@example.com', userIdType: 'EMAIL' },
      { userId: idOf(2) },
    ]
    const { data } = await app.graphql(SET, { input: { users, factors: [{ type: 'FACE' }] } })
    expect(data.setUsersMfaStatus).toMatchObject({ succeeded: 2, failed: 3 })
    expect(payloadsOf(data.setUsersMfaStatus.results, users)).toMatchObject([
      { __typename: 'SetUserMfaStatusSuccess' },
      { __typename: 'SetUserMfaStatusSuccess' },
      { __typename: 'MfaDuplicateUserError', firstIndex: 1, retryable: false },
      { __typename: 'MfaDuplicateUserError', firstIndex: 0 },
      { __typename: 'MfaDuplicateUserError', firstIndex: 0 },
    ])
    expect(app.takeCalls().filter(call => call === 'set-mfa-status')).toHaveLength(2)
  })

  it('stops behind the first that fails where it is told to', async () => {
    await using app = await startApp()
    const users = [1, 6, 2, 3].map(serial => ({ userId: idOf(serial) }))
    const { data } = await app.graphql(SET, {
      input: { users, factors: [{ type: 'FACE' }], onError: 'STOP' },
    })
    const { results, ...counts } = data.setUsersMfaStatus
    expect(counts).toMatchObject({ succeeded: 1, failed: 1, notAttempted: 2 })
    expect(payloadsOf(results, users)).toMatchObject([
      { __typename: 'SetUserMfaStatusSuccess' },
      { __typename: 'MfaOperationRefusedError' },
      { __typename: 'MfaNotAttemptedError', retryable: true },
      { __typename: 'MfaNotAttemptedError' },
    ])
    const [get, post] = ['get-mfa-status', 'set-mfa-status']
    expect(app.takeCalls()).toEqual([get, post, get, get, post])
  })

  it('works on several users at a time, on one after another with STOP', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const users = Array.from({ length: 20 }, (_, index) => ({ userId: `u${index}` }))
    for (const [onError, atATime] of [
      ['CONTINUE', 8],
      ['STOP', 1],
    ] as const) {
      const held: (() => void)[] = []
      genauth.reply('get-mfa-status', response => {
        held.push(() => response.end(JSON.stringify({ statusCode: 200, data: triggerData() })))
      })
      // It weakens nothing, so each user is read once.
      const changed = app.graphql(SET, { input: { users, enable: ['FACE'], onError } })
      for (const [answered] of users.entries()) {
        await expect.poll(() => held.length).toBe(Math.min(answered + atATime, users.length))
        held[answered]?.()
      }
      expect((await changed).data.setUsersMfaStatus).toMatchObject({ succeeded: users.length })
    }
  })

  it('writes nothing in a dry run', async () => {
    await using app = await startApp()
    const users = [{ userId: idOf(1) }, { userId: 'grace', userIdType: 'USERNAME' }]
    const { data } = await app.graphql(SET, { input: { users, factors: [{ type: 'FACE' }], dryRun: true } })
    const preview = { __typename: 'SetUserMfaStatusPreview', after: { factors: [{ code: 'FACE' }] } }
    expect(payloadsOf(data.setUsersMfaStatus.results, users)).toEqual([
      { ...preview, userId: idOf(1) },
      { ...preview, userId: idOf(2) },
    ])
    expect(app.takeCalls()).not.toContain('set-mfa-status')
  })

  it('says of each what is known when a look-up fails for all of them', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    genauth.reply('get-user-batch', failing(503))
    const users = ['a', 'b'].map(userId => ({ userId, userIdType: 'USERNAME' }))
    const { data } = await app.graphql(SET, { input: { users, factors: [] } })
    expect(payloadsOf(data.setUsersMfaStatus.results, users)).toEqual(
      Array(2).fill({ __typename: 'MfaUpstreamUnavailableError', outcome: 'NOT_APPLIED' }),
    )
    expect(app.takeCalls()).toEqual(Array(3).fill('get-user-batch'))
  })

  it('blames a value that GenAuth finds malformed on its own user', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-user', failing(400), ok({ userId: 'b' }))
    genauth.reply('get-user-batch', failing(400))
    const users = ['a', 'b'].map(userId => ({ userId, userIdType: 'EMAIL' }))
    const { data } = await app.graphql(SET, { input: { users, factors: [], onError: 'STOP' } })
    const [first, second] = payloadsOf(data.setUsersMfaStatus.results, users)
    const failed = first.__typename === 'MfaInvalidInputError' ? first : second
    expect(failed.fieldErrors[0].path).toEqual(['input', 'users', expect.stringMatching(/^[01]$/), 'userId'])
  })

  const users = [{ userId: idOf(1) }]
  it.each([
    ['no users', { users: [], factors: [] }, ['users']],
    ['51 users', { users: Array(51).fill({ userId: 'u' }), factors: [] }, ['users']],
    ['neither list nor patch', { users }, ['factors']],
    ['both list and patch', { users, factors: [], disable: ['SMS'] }, ['factors']],
    ['an empty patch', { users, disable: [] }, ['enable']],
    ['a factor both on and off', { users, enable: ['SMS'], disable: ['SMS'] }, ['disable', '0']],
    ['a factor twice', { users, factors: [{ type: 'SMS' }, { type: 'SMS' }] }, ['factors', '1', 'type']],
  ])('is refused as a whole before GenAuth is asked: %s', async (_kind, input, path) => {
    await using app = await startApp()
    const { data } = await app.graphql(SET, { input })
    expect(data.setUsersMfaStatus).toMatchObject({
      __typename: 'MfaInvalidInputError',
      fieldErrors: [{ path: ['input', ...path], message: expect.any(String) }],
    })
    expect(app.takeCalls()).toEqual([])
  })
})
