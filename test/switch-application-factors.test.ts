import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { type FakeGenAuth, failing, ok, type Reply, startFakeGenAuth } from './support/fake-genauth.ts'

const SWITCH = `mutation ($input: SwitchMfaApplicationFactorsInput!) { switchMfaApplicationFactors(input: $input) {
  __typename
  ... on SwitchMfaApplicationFactorsSuccess {
    application { id name identifier type hasOwnRules } enabledFactors otherFactors applied requestId warnings { code }
  }
  ... on SwitchMfaApplicationFactorsPreview { application { id hasOwnRules } warnings { code } }
  ... on MfaInvalidInputError { fieldErrors { path message } }
  ... on MfaPolicyViolationError { rule effects }
  ... on MfaStepUpRequiredError { effects }
  ... on MfaUpstreamUnavailableError { outcome observed { id } }
  ... on MfaError { code message retryable }
} }`
const ID = '62a500000000000000d15d57'
const APPLICATION = {
  appId: ID,
  appName: 'Example web',
  appIdentifier: 'example-web',
  appType: 'web',
  customSecurityEnabled: true,
  oidcConfig: { client_secret: 'secret-of-the-application' },
}
const [READS, WRITES] = ['get-application', 'update-application-mfa-settings']
const SUCCESS = 'SwitchMfaApplicationFactorsSuccess'
const UNAVAILABLE = 'MfaUpstreamUnavailableError'

let genauth: FakeGenAuth
beforeAll(async () => {
  genauth = await startFakeGenAuth()
})
afterAll(() => genauth[Symbol.asyncDispose]())
beforeEach(() => {
  genauth.reset()
  genauth.reply('get-application', ok(APPLICATION))
  genauth.reply('update-application-mfa-settings', ok({ enabledFactors: ['OTP', 'PASSKEY'] }))
})

async function switchFactors(app: TestApp, input: Json, headers: Record<string, string> = {}) {
  const { data, errors } = await app.graphql(SWITCH, { input: { applicationId: ID, ...input } }, headers)
  expect(errors).toEqual([])
  return data.switchMfaApplicationFactors
}

describe('switchMfaApplicationFactors', () => {
  it('sends a patch, and shows and records what GenAuth replied to it', async () => {
    await using app = await startApp({ upstream: genauth })
    const made = await switchFactors(app, { enable: ['OTP'], disable: ['SMS'], reason: 'no more SMS' })
    expect(made).toMatchObject({
      __typename: SUCCESS,
      application: { id: ID, name: 'Example web', identifier: 'example-web', type: 'web', hasOwnRules: true },
      enabledFactors: ['OTP'],
      otherFactors: ['PASSKEY'],
      applied: true,
      warnings: [],
    })
    expect(app.takeCalls()).toEqual([READS, WRITES])
    expect(genauth.seenOf('update-application-mfa-settings')[0]?.params).toEqual({
      appId: ID,
      enabledFactors: ['OTP'],
      disabledFactors: ['SMS'],
    })
    const [, intent, outcome] = app.journal
    expect(intent).toMatchObject({
      kind: 'policyIntent',
      requestId: made.requestId,
      applicationId: ID,
      before: null,
      wanted: null,
      enable: ['OTP'],
      disable: ['SMS'],
      revisionIntended: null,
      reason: 'no more SMS',
      effects: ['WEAKENING'],
    })
    expect(outcome).toMatchObject({ kind: 'policyOutcome', intent: intent.id, outcome: 'APPLIED' })
    // GenAuth's reply about an application holds its secrets.
    expect(JSON.stringify([made, app.log, app.journal])).not.toContain('secret-of-the-application')
  })

  it('writes and records nothing for a dry run, which costs one call', async () => {
    await using app = await startApp({ upstream: genauth })
    const preview = await switchFactors(app, { disable: ['SMS'], dryRun: true })
    expect(preview).toMatchObject({
      __typename: 'SwitchMfaApplicationFactorsPreview',
      application: { id: ID },
    })
    expect([app.takeCalls(), app.journal.length]).toEqual([[READS], 1])
  })

  it.each([
    ['that follows the pool', false, ['APPLICATION_FOLLOWS_POOL']],
    ['of which GenAuth does not say whether it does', undefined, []],
    ['with rules of its own', true, []],
  ])('warns about an application %s, and makes the change', async (_what, customSecurityEnabled, codes) => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-application', ok({ ...APPLICATION, customSecurityEnabled }))
    for (const dryRun of [true, false]) {
      const { warnings } = await switchFactors(app, { enable: ['OTP'], dryRun })
      expect(warnings.map(({ code }: Json) => code)).toEqual(codes)
    }
    expect(app.takeCalls()).toEqual([READS, READS, WRITES])
  })

  it('warns where no known factor is left by the reply of GenAuth', async () => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('update-application-mfa-settings', ok({ enabledFactors: ['PASSKEY'] }))
    expect(await switchFactors(app, { disable: ['SMS'] })).toMatchObject({
      enabledFactors: [],
      warnings: [{ code: 'LAST_FACTOR_REMOVED' }],
    })
  })

  it.each<[string, Json, Json[]]>([
    ['no list', {}, [{ path: ['input', 'enable'] }]],
    ['two empty lists', { enable: [], disable: [] }, [{ path: ['input', 'enable'] }]],
    ['null for both', { enable: null, disable: null }, [{ path: ['input', 'enable'] }]],
    [
      'the same factor in both',
      { enable: ['OTP', 'SMS'], disable: ['FACE', 'SMS'] },
      [{ path: ['input', 'disable', '1'], message: 'This factor stands in enable too.' }],
    ],
    ['a factor twice', { enable: ['OTP', 'OTP'] }, [{ path: ['input', 'enable', '1'] }]],
    ['a blank id', { applicationId: ' ', enable: ['OTP'] }, [{ path: ['input', 'applicationId'] }]],
    [
      'an id too long',
      { applicationId: 'x'.repeat(129), enable: ['OTP'] },
      [{ path: ['input', 'applicationId'] }],
    ],
    ['an id with a slash', { applicationId: 'a/b', enable: ['OTP'] }, [{ path: ['input', 'applicationId'] }]],
    ['a blank reason', { enable: ['OTP'], reason: '' }, [{ path: ['input', 'reason'] }]],
  ])('refuses %s without a call', async (_what, input, fieldErrors) => {
    await using app = await startApp({ upstream: genauth })
    const refused = await switchFactors(app, input)
    expect(refused).toMatchObject({ __typename: 'MfaInvalidInputError', fieldErrors })
    expect(refused.fieldErrors).toHaveLength(fieldErrors.length)
    expect(app.takeCalls()).toEqual([])
  })

  it.each<[string, Reply]>([
    ['404', failing(404)],
    ['apiCode 2011', failing(400, 2011)],
    ['another application', ok({ ...APPLICATION, appId: '62a500000000000000d15d58' })],
  ])('knows no application where GenAuth replies with %s', async (_what, reply) => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-application', reply)
    expect(await switchFactors(app, { enable: ['OTP'] })).toMatchObject({
      __typename: 'MfaApplicationNotFoundError',
      code: 'APPLICATION_NOT_FOUND',
    })
    expect([app.takeCalls(), app.journal.length]).toEqual([[READS], 1])
  })

  it.each<[string, Reply]>([
    ['MfaPlanRequiredError', failing(402)],
    ['MfaPlanRequiredError', failing(200, 4021)],
    ['MfaUpstreamForbiddenError', failing(403)],
    ['MfaApplicationNotFoundError', failing(404)],
  ])('is %s, and writes and records nothing, where the application cannot be read', async (type, reply) => {
    await using app = await startApp({ upstream: genauth })
    for (const dryRun of [true, false]) {
      genauth.reply('get-application', reply)
      expect(await switchFactors(app, { disable: ['SMS'], dryRun })).toMatchObject({ __typename: type })
    }
    expect([app.takeCalls(), app.journal.length]).toEqual([[READS, READS], 1])
  })

  it.each<[string, Reply, Json, string]>([
    [
      'a lost reply',
      response => void response.destroy(),
      { __typename: UNAVAILABLE, outcome: 'UNKNOWN' },
      'UNKNOWN',
    ],
    ['500', failing(500), { __typename: UNAVAILABLE, outcome: 'UNKNOWN' }, 'UNKNOWN'],
    ['no list', ok({}), { __typename: UNAVAILABLE, outcome: 'UNKNOWN' }, 'UNKNOWN'],
    [
      'a list without the wanted factor',
      ok({ enabledFactors: [] }),
      { __typename: UNAVAILABLE, outcome: 'UNKNOWN' },
      'UNKNOWN',
    ],
    [
      'a list with the other one',
      ok({ enabledFactors: ['OTP', 'SMS'] }),
      { __typename: UNAVAILABLE, outcome: 'UNKNOWN' },
      'UNKNOWN',
    ],
    ['501', failing(501), { __typename: UNAVAILABLE, outcome: 'NOT_APPLIED' }, 'NOT_APPLIED'],
    ['402', failing(402), { __typename: 'MfaPlanRequiredError' }, 'NOT_APPLIED'],
    ['apiCode 4021', failing(400, 4021), { __typename: 'MfaPlanRequiredError' }, 'NOT_APPLIED'],
    ['403', failing(403), { __typename: 'MfaUpstreamForbiddenError' }, 'NOT_APPLIED'],
    ['400', failing(400), { __typename: 'MfaOperationRefusedError' }, 'NOT_APPLIED'],
    ['404', failing(404), { __typename: 'MfaApplicationNotFoundError' }, 'NOT_APPLIED'],
    ['apiCode 2011', failing(400, 2011), { __typename: 'MfaApplicationNotFoundError' }, 'NOT_APPLIED'],
    ['apiCode 2011 in doubt', failing(500, 2011), { __typename: UNAVAILABLE, outcome: 'UNKNOWN' }, 'UNKNOWN'],
    ['409', failing(409), { __typename: 'MfaConflictError' }, 'NOT_APPLIED'],
    ['422', failing(422), { __typename: 'MfaOperationRefusedError' }, 'NOT_APPLIED'],
  ])('whose write ends with %s is told and recorded so', async (_what, reply, expected, outcome) => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('update-application-mfa-settings', reply)
    const result = await switchFactors(app, { enable: ['OTP'], disable: ['SMS'] })
    expect(result).toMatchObject(expected)
    expect(result.message).not.toMatch(/upstream text|for this user/)
    expect(app.journal.at(-1)).toMatchObject({ kind: 'policyOutcome', outcome })
    expect(app.takeCalls()).toEqual([READS, WRITES])
  })

  it('names the id where GenAuth calls it malformed', async () => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-application', failing(400))
    expect(await switchFactors(app, { enable: ['OTP'] })).toMatchObject({
      __typename: 'MfaInvalidInputError',
      fieldErrors: [{ path: ['input', 'applicationId'] }],
    })
    expect(app.takeCalls()).toEqual([READS])
  })

  it('says that nothing was changed where the application cannot be read', async () => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-application', failing(602))
    expect(await switchFactors(app, { enable: ['OTP'] })).toMatchObject({
      __typename: UNAVAILABLE,
      outcome: 'NOT_APPLIED',
      observed: null,
    })
  })

  it('asks for a fresh sign-in and a reason only where a factor goes', async () => {
    const env = { AUTH_STEP_UP_MAX_AGE_S: '300', REQUIRE_REASON: 'weakening' }
    await using app = await startApp({ upstream: genauth, env })
    expect(await switchFactors(app, { disable: ['SMS'], reason: 'why not' })).toMatchObject({
      __typename: 'MfaStepUpRequiredError',
      effects: ['WEAKENING'],
    })
    expect(await switchFactors(app, { enable: ['OTP'] })).toMatchObject({ __typename: SUCCESS })
    const fresh = { scope: 'mfa:policy', auth_time: Math.floor(Date.now() / 1_000) - 10 }
    const signedIn = { authorization: `Bearer ${await app.issuer.token(fresh)}` }
    expect(await switchFactors(app, { disable: ['SMS'] }, signedIn)).toMatchObject({
      rule: 'REASON_REQUIRED',
    })
  })

  it('shares the limit on policies with changes of the pool', async () => {
    const env = { RATE_LIMITS: 'reads=9,writes=9,weakenings=1,misses=1,policy=1' }
    await using app = await startApp({ upstream: genauth, env })
    expect(await switchFactors(app, { disable: ['SMS'] })).toMatchObject({ __typename: SUCCESS })
    const { data } = await app.graphql(
      'mutation { setMfaPoolPolicy(input: { enabledFactors: [OTP] }) { __typename ... on MfaRateLimitedError { origin } } }',
    )
    expect(data.setMfaPoolPolicy).toEqual({ __typename: 'MfaRateLimitedError', origin: 'LAYER' })
    expect(await switchFactors(app, { enable: ['OTP'] })).toMatchObject({ __typename: SUCCESS })
  })
})
