import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { startFakeGenAuth } from './support/fake-genauth.ts'

const ADA = '65a000000000000000000001'
const GRACE = '65a000000000000000000002'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied changed }
      ... on MfaError { code retryable }
      ... on MfaPolicyViolationError { rule effects }
      ... on MfaStepUpRequiredError { acrValues maxAgeS effects }
      ... on MfaRateLimitedError { origin retryAfterMs }
      ... on MfaInvalidInputError { fieldErrors { path } }
    }
  }
`
const WEAKEN = { userId: ADA, disable: ['SMS'] }
const REDIRECT = { userId: ADA, enable: ['FACE'] }
/** Takes a factor that is off out of the list. */
const HARMLESS = { userId: ADA, factors: [{ type: 'SMS' }, { type: 'OTP' }] }
const STEP_UP = { AUTH_STEP_UP_MAX_AGE_S: '300', AUTH_STEP_UP_ACR: 'mfa,phr' }

function nowS(): number {
  return Math.floor(Date.now() / 1_000)
}

describe('weakening and redirecting', () => {
  it('of oneself is refused, by whatever identifier, and in a dry run too', async () => {
    await using app = await startApp({ claims: { sub: ADA } })
    const token = { triggerData: { mfaToken: CANARY.mfaToken }, factors: [{ type: 'SMS' }, { type: 'FACE' }] }
    const wishes = [
      WEAKEN,
      REDIRECT,
      { ...WEAKEN, dryRun: true },
      { userId: 'ada', userIdType: 'USERNAME', disable: ['OTP'] },
      { userId: ADA, ...token },
    ]
    for (const input of wishes) {
      const { data } = await app.graphql(SET, { input })
      expect(data.setUserMfaStatus).toMatchObject({
        __typename: 'MfaPolicyViolationError',
        rule: 'OWN_USER',
        retryable: false,
      })
    }
    expect(app.takeCalls()).not.toContain('set-mfa-status')
    const harmless = await app.graphql(SET, { input: HARMLESS })
    expect(harmless.data.setUserMfaStatus.applied).toBe(true)
  })

  it('of oneself knows the caller by the claim that is configured', async () => {
    await using app = await startApp({
      env: { AUTH_USER_ID_CLAIM: 'genauth_id' },
      claims: { sub: 'x', genauth_id: ADA },
    })
    expect((await app.graphql(SET, { input: WEAKEN })).data.setUserMfaStatus.rule).toBe('OWN_USER')
    await using allowed = await startApp({ env: { ALLOW_SELF_WEAKENING: 'on' }, claims: { sub: ADA } })
    expect((await allowed.graphql(SET, { input: WEAKEN })).data.setUserMfaStatus.applied).toBe(true)
  })

  it.each<[string, Record<string, unknown>]>([
    ['missing', {}],
    ['empty', { genauth_id: '' }],
    ['blank', { genauth_id: ' ' }],
    ['no text', { genauth_id: 7 }],
    ['a list', { genauth_id: [ADA] }],
    ['null', { genauth_id: null }],
  ])('is refused where the claim that says who the caller is is %s, and counted', async (_what, claims) => {
    const env = {
      AUTH_USER_ID_CLAIM: 'genauth_id',
      AUTH_CLIENT_TOKENS: 'gty=client-credentials',
      METRICS_PORT: '0',
    }
    await using app = await startApp({ env, claims })
    expect(app.log).toContainEqual(
      expect.objectContaining({ onlyWithClaim: 'genauth_id', orClientTokens: ['gty=…'] }),
    )
    for (const input of [WEAKEN, REDIRECT, { ...REDIRECT, dryRun: true }]) {
      expect((await app.graphql(SET, { input })).data.setUserMfaStatus).toMatchObject({
        __typename: 'MfaPolicyViolationError',
        rule: 'CALLER_UNKNOWN',
      })
    }
    expect(await app.metrics()).toMatchObject({ 'guard_rail_refusals_total{guard_rail="CALLER_UNKNOWN"}': 3 })
    const ofClient = await app.issuer.token({ sub: 'job', gty: 'client-credentials', ...claims })
    const { data } = await app.graphql(SET, { input: WEAKEN }, { authorization: `Bearer ${ofClient}` })
    expect(data.setUserMfaStatus.applied).toBe(true)
    const harmless = { ...HARMLESS, factors: [{ type: 'SMS', enabled: false }, { type: 'OTP' }] }
    expect((await app.graphql(SET, { input: harmless })).data.setUserMfaStatus.applied).toBe(true)
  })

  it('down to no known factor needs to be meant', async () => {
    await using app = await startApp()
    const none = { userId: ADA, factors: [] }
    for (const dryRun of [true, false]) {
      const { data } = await app.graphql(SET, { input: { ...none, dryRun } })
      expect(data.setUserMfaStatus).toMatchObject({ rule: 'NO_FACTOR' })
    }
    expect(app.takeCalls()).not.toContain('set-mfa-status')
    const meant = await app.graphql(SET, { input: { ...none, allowNoFactor: true } })
    expect(meant.data.setUserMfaStatus.applied).toBe(true)
  })

  it.each([
    ['an hour ago', { auth_time: nowS() - 3_600, acr: 'mfa' }],
    ['in another way', { auth_time: nowS(), acr: 'pwd' }],
    ['nobody knows when', { acr: 'mfa' }],
  ])('asks for a sign-in that is fresh and strong, of one who signed in %s', async (_when, claims) => {
    await using app = await startApp({ env: STEP_UP, claims })
    const { status, headers, data } = await app.graphql(SET, { input: WEAKEN })
    expect(status).toBe(200)
    expect(data.setUserMfaStatus).toMatchObject({
      __typename: 'MfaStepUpRequiredError',
      acrValues: ['mfa', 'phr'],
      maxAgeS: 300,
    })
    expect(headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age="300", acr_values="mfa phr"',
    )
    expect(app.takeCalls()).toEqual(['get-mfa-status'])
    const redirected = await app.graphql(SET, { input: REDIRECT })
    expect(redirected.data.setUserMfaStatus).toMatchObject({ maxAgeS: 300, effects: ['REDIRECTING'] })
    const harmless = await app.graphql(SET, { input: HARMLESS })
    expect(harmless.headers.get('www-authenticate')).toBeNull()
    expect(harmless.data.setUserMfaStatus.applied).toBe(true)
  })

  it('goes through after a fresh sign-in, and with mfaToken the state is read first', async () => {
    await using app = await startApp({ env: STEP_UP, claims: { auth_time: nowS(), acr: 'phr' } })
    expect((await app.graphql(SET, { input: WEAKEN })).data.setUserMfaStatus.applied).toBe(true)
    app.takeCalls()
    const input = { userId: ADA, factors: [{ type: 'FACE' }], triggerData: { mfaToken: CANARY.mfaToken } }
    await app.graphql(SET, { input })
    expect(app.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
  })

  it.each([
    ['weakening', WEAKEN, 'REASON_REQUIRED'],
    ['weakening', REDIRECT, 'REASON_REQUIRED'],
    ['weakening', HARMLESS, undefined],
    ['always', HARMLESS, 'REASON_REQUIRED'],
    ['always', { userId: ADA, enable: ['SMS'] }, 'REASON_REQUIRED'],
  ])('or anything, with REQUIRE_REASON=%s, needs a reason: %j', async (requireReason, input, rule) => {
    await using app = await startApp({ env: { REQUIRE_REASON: requireReason } })
    expect((await app.graphql(SET, { input })).data.setUserMfaStatus.rule).toBe(rule)
    const { data } = await app.graphql(SET, { input: { ...input, reason: 'Lost phone, ticket 4711' } })
    expect(data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
  })

  it.each([
    ['blank', '  '],
    ['of letters that nobody sees', '\u3164\u2800'],
    ['too long', 'x'.repeat(501)],
    ['with a control character', 'a\u001bb'],
    ['with half of a surrogate pair', 'a\ud83db'],
    ['with a code point that Unicode does not assign', 'a\u0378b'],
  ])('with a reason that is %s is refused as input', async (_what, reason) => {
    await using app = await startApp()
    const { data } = await app.graphql(SET, { input: { ...WEAKEN, reason } })
    expect(data.setUserMfaStatus.fieldErrors).toEqual([{ path: ['input', 'reason'] }])
    expect(app.takeCalls()).toEqual([])
  })

  it('in a list is refused for each by itself', async () => {
    await using app = await startApp({ claims: { sub: ADA } })
    const users = [{ userId: ADA }, { userId: GRACE }]
    const { data } = await app.graphql(
      `mutation ($input: SetUsersMfaStatusInput!) { setUsersMfaStatus(input: $input) { ... on SetUsersMfaStatusSuccess {
        succeeded results { payload { __typename ... on MfaPolicyViolationError { rule effects } } } } } }`,
      { input: { users, factors: [{ type: 'FACE' }] } },
    )
    expect(data.setUsersMfaStatus).toMatchObject({
      succeeded: 1,
      results: [{ payload: { rule: 'OWN_USER' } }, {}],
    })
  })
})

describe('a limit', () => {
  const limits = (change: Record<string, number>) => {
    const all = { reads: 100, writes: 100, weakenings: 100, misses: 100, ...change }
    return {
      RATE_LIMITS: Object.entries(all)
        .map(([name, limit]) => `${name}=${limit}`)
        .join(','),
    }
  }
  const read = (userId: string, type = 'USER_ID') =>
    `{ userMfa(userId: "${userId}", userIdType: ${type}) { __typename ... on MfaRateLimitedError { origin retryAfterMs retryable } } }`
  const limited = { __typename: 'MfaRateLimitedError', origin: 'LAYER' }

  it('on reads counts each user of a list, and is null with RATE_LIMITED where there is no union', async () => {
    await using app = await startApp({ env: limits({ reads: 3 }) })
    const many = `{ usersMfa(users: [${[1, 2, 3, 4].map(n => `{ userId: "65a00000000000000000000${n}" }`)}]) {
      ... on UsersMfaSuccess { results { payload { __typename } } } } }`
    const { data } = await app.graphql(many)
    const types = data.usersMfa.results.map(({ payload }: Json) => payload.__typename)
    expect(types).toEqual(['UserMfa', 'UserMfa', 'UserMfa', 'MfaRateLimitedError'])
    const refused = (await app.graphql(read(ADA))).data.userMfa
    expect(refused).toMatchObject({ ...limited, retryable: true })
    expect(refused.retryAfterMs).toBeGreaterThan(50_000)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000)
    const entity = await app.graphql(
      `{ _entities(representations: [{ __typename: "User", id: "${ADA}" }]) { ... on User { mfa { phone } } } }`,
    )
    expect(entity.data._entities).toEqual([{ mfa: null }])
    expect(entity.errors[0].extensions).toEqual({ code: 'RATE_LIMITED' })
    expect(app.takeCalls()).toHaveLength(3)
  })

  it('on writes and on weakening stops before the write', async () => {
    await using app = await startApp({ env: limits({ writes: 3, weakenings: 1 }) })
    const types = []
    for (const input of [
      WEAKEN,
      { userId: GRACE, enable: ['OTP'] },
      { ...HARMLESS, factors: [{ type: 'SMS', enabled: false }, { type: 'OTP' }] },
      HARMLESS,
    ]) {
      types.push((await app.graphql(SET, { input })).data.setUserMfaStatus)
    }
    expect(types).toMatchObject([{ applied: true }, limited, { applied: true }, limited])
    expect(app.takeCalls().filter(call => call === 'set-mfa-status')).toHaveLength(2)
  })

  it('on misses stops guesses by everything but GenAuth’s own id', async () => {
    await using app = await startApp({ env: limits({ misses: 2 }) })
    const outcomes = []
    for (const [userId, type] of [
      ['a', 'USERNAME'],
      ['x', 'USER_ID'],
      ['b@example.com', 'EMAIL'],
      ['c', 'EXTERNAL_ID'],
      ['ada', 'USERNAME'],
      ['y', 'USER_ID'],
    ]) {
      outcomes.push((await app.graphql(read(userId ?? '', type))).data.userMfa.__typename)
    }
    const [missed, refused] = ['MfaUserNotFoundError', 'MfaRateLimitedError']
    expect(outcomes).toEqual([missed, missed, missed, refused, refused, missed])
    const set = await app.graphql(SET, { input: { userId: 'ada', userIdType: 'USERNAME', enable: ['FACE'] } })
    expect(set.data.setUserMfaStatus).toMatchObject(limited)
  })

  it('is each caller’s own', async () => {
    await using app = await startApp({ env: limits({ reads: 1 }) })
    await app.graphql(read(ADA))
    expect((await app.graphql(read(ADA))).data.userMfa).toMatchObject(limited)
    const token = await app.issuer.token({ sub: 'somebody-else', scope: 'mfa:read' })
    const other = await app.graphql(read(ADA), {}, { authorization: `Bearer ${token}` })
    expect(other.data.userMfa.__typename).toBe('UserMfa')
  })
})

it('what a caller may not do costs GenAuth nothing', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth, claims: { scope: 'mfa:read' } })
  await app.graphql(SET, { input: WEAKEN })
  expect(app.takeCalls()).toEqual([])
})
