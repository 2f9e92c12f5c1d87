import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { startApp } from '../support/app.ts'
import {
  failing,
  managementToken,
  ok,
  POOL_ID,
  type Reply,
  startFakeGenAuth,
  triggerData,
} from '../support/fake-genauth.ts'

const READ = `query ($id: String!) { userMfa(userId: $id) { __typename ... on UserMfa { phoneCountryCode }
  ... on MfaError { code retryable } } }`
const SET = `mutation { setUserMfaStatus(input: { userId: "u", factors: [{ type: FACE }] }) { __typename
  ... on MfaUpstreamUnavailableError { outcome retryable } ... on MfaRateLimitedError { origin } } }`

function token(serial: number, lifetimeS = 7200) {
  return ok({ access_token: managementToken(serial), expires_in: lifetimeS })
}

describe('a management token', () => {
  it('is fetched once for fifty calls at the same time', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const reads = Array.from({ length: 50 }, (_, index) => app.graphql(READ, { id: `u${index}` }))
    for (const { data } of await Promise.all(reads)) expect(data.userMfa.__typename).toBe('UserMfa')
    expect(genauth.seenOf('get-management-token')).toHaveLength(1)
    expect(genauth.seenOf('get-mfa-status')).toHaveLength(50)
  })

  it('goes out as a bearer token, with the pool that it names', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    await app.graphql(READ, { id: 'u' })
    expect(genauth.seenOf('get-management-token')[0]).toMatchObject({
      method: 'POST',
      params: { accessKeyId: 'fake-access-key-id' },
    })
    expect(genauth.seenOf('get-mfa-status')[0]?.headers).toMatchObject({
      authorization: `Bearer ${managementToken()}`,
      'x-authing-userpool-id': POOL_ID,
      'x-authing-lang': 'en-US',
    })
  })

  it('gives way to the settings for pool, header prefix, language and tenant', async () => {
    await using genauth = await startFakeGenAuth()
    const env = {
      GENAUTH_USER_POOL_ID: 'another-pool',
      GENAUTH_HEADER_PREFIX: 'x-genauth-',
      GENAUTH_TENANT_ID: 'tenant-1',
      GENAUTH_TENANT_HEADER: 'x-authing-tenant-id',
    }
    await using app = await startApp({ upstream: genauth, env })
    await app.graphql(READ, { id: 'u' })
    const headers = genauth.seenOf('get-mfa-status')[0]?.headers
    expect(headers).toMatchObject({
      'x-genauth-userpool-id': 'another-pool',
      'x-genauth-lang': 'en-US',
      'x-authing-tenant-id': 'tenant-1',
    })
    expect(headers).not.toHaveProperty('x-authing-userpool-id')
  })

  it('is renewed behind the calls that still use it, ahead of its end', async () => {
    let nowMs = Date.now()
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', token(1), token(2))
    await using app = await startApp({ upstream: genauth, clock: { ...systemClock, now: () => nowMs } })
    await app.graphql(READ, { id: 'u' })
    nowMs += 7_139_000
    await app.graphql(READ, { id: 'u' })
    expect(genauth.seenOf('get-management-token')).toHaveLength(1)
    nowMs += 2_000
    await app.graphql(READ, { id: 'u' })
    await expect.poll(() => genauth.seenOf('get-management-token').length).toBe(2)
    await app.graphql(READ, { id: 'u' })
    const sent = genauth.seenOf('get-mfa-status').map(request => request.headers.authorization)
    expect(sent.slice(0, 3)).toEqual(Array(3).fill(`Bearer ${managementToken(1)}`))
    expect(sent[3]).toBe(`Bearer ${managementToken(2)}`)
  })

  it('is awaited once it has ended, by fifty calls together', async () => {
    let nowMs = Date.now()
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', token(1), token(2))
    await using app = await startApp({ upstream: genauth, clock: { ...systemClock, now: () => nowMs } })
    await app.graphql(READ, { id: 'u' })
    nowMs += 7_200_000
    await Promise.all(Array.from({ length: 50 }, (_, index) => app.graphql(READ, { id: `u${index}` })))
    expect(genauth.seenOf('get-management-token')).toHaveLength(2)
    const sent = genauth
      .seenOf('get-mfa-status')
      .slice(1)
      .map(request => request.headers.authorization)
    expect(new Set(sent)).toEqual(new Set([`Bearer ${managementToken(2)}`]))
  })

  it.each([
    ['in the body', failing(401)],
    ['on the wire', { status: 401, body: '<html>' }],
  ])('is refreshed once after a 401 %s, and the call repeated once', async (_where, refusal) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', token(1), token(2))
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-mfa-status', refusal, ok(triggerData()))
    const { data } = await app.graphql(READ, { id: 'u' })
    expect(data.userMfa.__typename).toBe('UserMfa')
    expect(genauth.seen.map(request => request.endpoint)).toEqual([
      'get-management-token',
      'get-mfa-status',
      'get-management-token',
      'get-mfa-status',
    ])
  })

  it('is refreshed for a refused write too, which GenAuth has not carried out', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('set-mfa-status', failing(401), genauth.storing(ok({ success: true })))
    expect((await app.graphql(SET)).data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
  })

  it('costs one request when fifty calls find it refused together', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', token(1), token(2))
    await using app = await startApp({ upstream: genauth })
    await app.graphql(READ, { id: 'first' })
    genauth.reply('get-mfa-status', (response, request) => {
      const refused = request.headers.authorization === `Bearer ${managementToken(1)}`
      response.end(JSON.stringify(refused ? { statusCode: 401 } : { statusCode: 200, data: triggerData() }))
    })
    const reads = Array.from({ length: 50 }, (_, index) => app.graphql(READ, { id: `u${index}` }))
    for (const { data } of await Promise.all(reads)) expect(data.userMfa.__typename).toBe('UserMfa')
    expect(genauth.seenOf('get-management-token')).toHaveLength(2)
  })

  it('costs one request when fifty calls find it refused one after another', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', token(1), token(2), token(3))
    await using app = await startApp({ upstream: genauth })
    let delayMs = 0
    genauth.reply('get-mfa-status', (response, request) => {
      const refused = request.headers.authorization === `Bearer ${managementToken(1)}`
      const answer = refused ? { statusCode: 401 } : { statusCode: 200, data: triggerData() }
      if (refused) delayMs += 5
      setTimeout(() => response.end(JSON.stringify(answer)), refused ? delayMs : 0)
    })
    const reads = Array.from({ length: 50 }, (_, index) => app.graphql(READ, { id: `u${index}` }))
    for (const { data } of await Promise.all(reads)) expect(data.userMfa.__typename).toBe('UserMfa')
    expect(genauth.seenOf('get-management-token')).toHaveLength(2)
  })

  it.each([
    ['its second attempt', 'get-mfa-status', [failing(401), () => {}]],
    ['the token of its second attempt', 'get-management-token', [token(1), () => {}]],
  ] as const)('leaves a call its one deadline, %s included', async (_what, endpoint, replies) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    const late =
      (reply: Reply): Reply =>
      (response, request, params) =>
        new Promise(resolve => setTimeout(resolve, 350)).then(() => {
          if (typeof reply === 'function') return reply(response, request, params)
          response.end(JSON.stringify(reply.body))
        })
    const [first, ...rest] = endpoint === 'get-mfa-status' ? replies : [failing(401)]
    genauth.reply('get-mfa-status', late(first), ...rest)
    if (endpoint === 'get-management-token') genauth.reply(endpoint, ...replies)
    const startedAtMs = performance.now()
    const { data } = await app.graphql(READ, { id: 'u' }, { 'x-request-deadline-ms': '600' })
    expect(data.userMfa).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    expect(performance.now() - startedAtMs).toBeLessThan(900)
  })

  it('without expires_in is taken to live for an hour', async () => {
    let nowMs = Date.now()
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', ok({ access_token: managementToken(1) }), token(2))
    await using app = await startApp({ upstream: genauth, clock: { ...systemClock, now: () => nowMs } })
    await app.graphql(READ, { id: 'u' })
    nowMs += 3_500_000
    await app.graphql(READ, { id: 'u' })
    expect(genauth.seenOf('get-management-token')).toHaveLength(1)
    nowMs += 100_001
    await app.graphql(READ, { id: 'u' })
    expect(genauth.seenOf('get-management-token')).toHaveLength(2)
  })

  it('whose renewal fails behind the calls is seen in the log, and the calls go on', async () => {
    let nowMs = Date.now()
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', token(1), failing(503))
    await using app = await startApp({ upstream: genauth, clock: { ...systemClock, now: () => nowMs } })
    await app.graphql(READ, { id: 'u' })
    nowMs += 7_150_000
    expect((await app.graphql(READ, { id: 'u' })).data.userMfa.__typename).toBe('UserMfa')
    const isWarning = (line: { level: string; endpoint?: string }) =>
      line.level === 'warn' && line.endpoint === 'get-management-token'
    await expect.poll(() => app.log.filter(isWarning).length).toBe(1)
  })

  it('that stays refused is a fault of our configuration', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-mfa-status', failing(401))
    const { data } = await app.graphql(READ, { id: 'u' })
    expect(data.userMfa).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: false })
    expect(genauth.seenOf('get-mfa-status')).toHaveLength(2)
  })
})

describe('a token that cannot be had', () => {
  it.each([
    ['a malformed key', failing(400), { __typename: 'MfaUpstreamUnavailableError', retryable: false }],
    ['an unknown key', failing(401), { __typename: 'MfaUpstreamUnavailableError', retryable: false }],
    [
      'a key without the right',
      failing(403),
      { __typename: 'MfaUpstreamUnavailableError', retryable: false },
    ],
    ['an unknown pool', failing(404, 2004), { __typename: 'MfaUpstreamUnavailableError', retryable: false }],
    ['a fault', failing(500), { __typename: 'MfaUpstreamUnavailableError', retryable: true }],
    ['nonsense', ok({ access_token: 5 }), { __typename: 'MfaUpstreamUnavailableError', retryable: true }],
    ['throttling', failing(429), { __typename: 'MfaRateLimitedError', origin: 'GENAUTH' }],
  ])('for %s sends no write and says that nothing was changed', async (_why, reply, expected) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', reply)
    await using app = await startApp({ upstream: genauth })
    const { data } = await app.graphql(SET)
    const outcome = expected.__typename === 'MfaRateLimitedError' ? {} : { outcome: 'NOT_APPLIED' }
    expect(data.setUserMfaStatus).toEqual({ ...expected, ...outcome })
    expect(genauth.seen.map(request => request.endpoint)).toEqual(['get-management-token'])
  })

  it('in time keeps to the deadline of the call that waits for it', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', () => {})
    await using app = await startApp({ upstream: genauth, env: { GENAUTH_TIMEOUT_MS: '200' } })
    const startedAtMs = performance.now()
    expect((await app.graphql(SET)).data.setUserMfaStatus).toMatchObject({
      outcome: 'NOT_APPLIED',
      retryable: true,
    })
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  })
})
