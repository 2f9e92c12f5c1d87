import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { failing } from './support/fake-genauth.ts'
import { type PoolGenAuth, startPoolGenAuth } from './support/pool-genauth.ts'

const SET = `mutation ($input: SetMfaPoolPolicyInput!) { setMfaPoolPolicy(input: $input) {
  __typename
  ... on SetMfaPoolPolicySuccess {
    policy { enabledFactors otherFactors revision }
    changes { type before after } changed applied verified effects requestId warnings { code }
  }
  ... on SetMfaPoolPolicyPreview {
    expectedRevision enabledFactors otherFactors changes { type before after } changed effects
    warnings { code }
  }
  ... on MfaInvalidInputError { fieldErrors { path message } }
  ... on MfaPoolPolicyConflictError { current { enabledFactors otherFactors revision } }
  ... on MfaPolicyViolationError { rule effects }
  ... on MfaStepUpRequiredError { maxAgeS effects }
  ... on MfaRateLimitedError { origin retryAfterMs }
  ... on MfaPolicyUnavailableError { outcome observed { enabledFactors } }
  ... on MfaError { code message retryable }
} }`
const READ = `{ mfaPoolPolicy {
  __typename
  ... on MfaPoolPolicy { enabledFactors otherFactors revision }
  ... on MfaError { code message retryable upstreamApiCode }
} }`
const [READS, ADDS, REMOVES] = [
  'get-global-mfa-settings',
  'update-global-mfa-settings',
  'disable-global-mfa-settings',
]
const BEFORE = ['SMS', 'EMAIL', 'PASSKEY']

let genauth: PoolGenAuth
beforeAll(async () => {
  genauth = await startPoolGenAuth()
})
afterAll(() => genauth[Symbol.asyncDispose]())
beforeEach(() => genauth.begin(BEFORE))

async function set(app: TestApp, input: Json, headers: Record<string, string> = {}) {
  const { data, errors } = await app.graphql(SET, { input }, headers)
  expect(errors).toEqual([])
  return data.setMfaPoolPolicy
}

async function read(app: TestApp) {
  const { data, errors } = await app.graphql(READ)
  expect(errors).toEqual([])
  return data.mfaPoolPolicy
}

describe('mfaPoolPolicy', () => {
  it('shows what the pool has on, known or not, for one call and one read of the caller', async () => {
    const env = { RATE_LIMITS: 'reads=1,writes=1,weakenings=1,misses=1' }
    await using app = await startApp({ upstream: genauth, env })
    expect(await read(app)).toEqual({
      __typename: 'MfaPoolPolicy',
      enabledFactors: ['SMS', 'EMAIL'],
      otherFactors: ['PASSKEY'],
      revision: expect.stringMatching(/^p1\./),
    })
    expect(app.takeCalls()).toEqual([READS])
    expect(await read(app)).toMatchObject({ __typename: 'MfaRateLimitedError' })
    expect(app.takeCalls()).toEqual([])
  })

  it.each([
    [failing(400), 'MfaOperationRefusedError'],
    [failing(402), 'MfaPlanRequiredError'],
    [failing(200, 4021), 'MfaPlanRequiredError'],
    [failing(403), 'MfaUpstreamForbiddenError'],
    [failing(404), 'MfaOperationRefusedError'],
    [failing(409), 'MfaOperationRefusedError'],
    [failing(501), 'MfaUpstreamUnavailableError'],
    [failing(602), 'MfaUpstreamUnavailableError'],
    [{ body: { statusCode: 200, message: '', data: {} } }, 'MfaUpstreamUnavailableError'],
  ])('returns %j as %s', async (reply, type) => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-global-mfa-settings', reply)
    const failure = await read(app)
    expect(failure).toMatchObject({ __typename: type, code: expect.any(String) })
    expect(failure.message).not.toContain('upstream text')
  })
})

describe('setMfaPoolPolicy', () => {
  it('makes the pool have exactly these factors, and tells and records what it changed', async () => {
    await using app = await startApp({ upstream: genauth })
    const { revision: expectedRevision } = await read(app)
    app.takeCalls()
    const reason = 'no more codes by e-mail'
    const made = await set(app, { enabledFactors: ['OTP', 'SMS'], expectedRevision, reason })
    expect(made).toMatchObject({
      __typename: 'SetMfaPoolPolicySuccess',
      policy: { enabledFactors: ['SMS', 'OTP'], otherFactors: ['PASSKEY'] },
      changes: [
        { type: 'EMAIL', before: true, after: false },
        { type: 'OTP', before: false, after: true },
      ],
      changed: true,
      applied: true,
      verified: true,
      effects: ['WEAKENING'],
      warnings: [{ code: 'IDENTITY_SOURCES_NOT_SHOWN' }],
    })
    expect(app.takeCalls()).toEqual([READS, ADDS, READS, REMOVES, READS])
    expect(made.policy).toMatchObject({ revision: (await read(app)).revision })
    const [, intent, outcome] = app.journal
    expect(intent).toMatchObject({
      kind: 'policyIntent',
      requestId: made.requestId,
      applicationId: null,
      before: ['SMS', 'EMAIL', 'PASSKEY'],
      wanted: ['SMS', 'OTP', 'PASSKEY'],
      enable: ['OTP'],
      disable: ['EMAIL'],
      revisionBefore: expectedRevision,
      revisionIntended: made.policy.revision,
      reason,
      effects: ['WEAKENING'],
      railsPassed: [],
    })
    expect(outcome).toMatchObject({ kind: 'policyOutcome', intent: intent.id, outcome: 'APPLIED' })
    expect(app.journal).toHaveLength(3)
  })

  it('writes and records nothing where nothing changes, and for a dry run, at one call each', async () => {
    await using app = await startApp({ upstream: genauth })
    const { revision } = await read(app)
    app.takeCalls()
    expect(await set(app, { enabledFactors: ['EMAIL', 'SMS'] })).toMatchObject({
      changed: false,
      applied: false,
      changes: [],
      effects: [],
      policy: { revision },
    })
    expect(app.takeCalls()).toEqual([READS])
    expect(await set(app, { enabledFactors: ['OTP'], dryRun: true })).toMatchObject({
      __typename: 'SetMfaPoolPolicyPreview',
      expectedRevision: revision,
      enabledFactors: ['OTP'],
      otherFactors: ['PASSKEY'],
      changed: true,
      changes: [{ type: 'SMS' }, { type: 'EMAIL' }, { type: 'OTP' }],
      effects: ['WEAKENING'],
    })
    expect(await set(app, { enabledFactors: ['SMS', 'EMAIL'], dryRun: true })).toMatchObject({
      changed: false,
      changes: [],
    })
    expect(app.takeCalls()).toEqual([READS, READS])
    expect(app.journal).toHaveLength(1)
  })

  it('refuses a revision that names other factors, and shows those that are on', async () => {
    await using app = await startApp({ upstream: genauth })
    const { revision: expectedRevision } = await read(app)
    genauth.begin(['SMS'])
    for (const dryRun of [true, false]) {
      expect(await set(app, { enabledFactors: ['OTP'], expectedRevision, dryRun })).toMatchObject({
        __typename: 'MfaPoolPolicyConflictError',
        code: 'POOL_POLICY_CONFLICT',
        retryable: false,
        current: { enabledFactors: ['SMS'], otherFactors: [] },
      })
    }
    expect(app.takeCalls()).not.toContain(ADDS)
  })

  it.each([
    ['an empty list', BEFORE],
    ['an empty list of a pool with one factor left', ['SMS']],
    ['a list that only unknown factors are left of', ['OTP', 'PASSKEY']],
    ['an empty list of an empty pool', []],
  ])('refuses %s without allowNoFactor', async (_what, before) => {
    genauth.begin(before)
    await using app = await startApp({ upstream: genauth })
    for (const dryRun of [true, false]) {
      const refused = await set(app, { enabledFactors: [], dryRun })
      expect(refused).toMatchObject({ __typename: 'MfaPolicyViolationError', rule: 'NO_FACTOR' })
      expect(refused.message).toContain('the user pool without any factor')
    }
    expect(genauth.states).toHaveLength(1)
    const allowed = await set(app, { enabledFactors: [], allowNoFactor: true })
    expect(allowed).toMatchObject({
      policy: { enabledFactors: [] },
      warnings: [{ code: 'NO_POOL_FACTOR' }, { code: 'IDENTITY_SOURCES_NOT_SHOWN' }],
    })
    expect(genauth.factors()).toEqual(before.filter(code => code === 'PASSKEY'))
  })

  it.each<[string, Json, Json[]]>([
    [
      'a factor twice',
      { enabledFactors: ['SMS', 'OTP', 'SMS'] },
      [{ path: ['input', 'enabledFactors', '2'], message: 'This factor is named twice.' }],
    ],
    [
      'a list too long',
      { enabledFactors: ['SMS', 'OTP', 'EMAIL', 'FACE', 'SMS'] },
      [{ path: ['input', 'enabledFactors'], message: 'There are only 4 factors to name, each once.' }],
    ],
    [
      'a revision of a user, and a blank reason',
      { enabledFactors: ['SMS'], expectedRevision: 'r2.abc', reason: ' ' },
      [{ path: ['input', 'expectedRevision'] }, { path: ['input', 'reason'] }],
    ],
  ])('refuses %s without a call', async (_what, input, fieldErrors) => {
    await using app = await startApp({ upstream: genauth })
    expect(await set(app, input)).toMatchObject({ __typename: 'MfaInvalidInputError', fieldErrors })
    expect(app.takeCalls()).toEqual([])
  })

  it('asks for a fresh sign-in and a reason only where a factor goes', async () => {
    const env = { AUTH_STEP_UP_MAX_AGE_S: '300', REQUIRE_REASON: 'weakening' }
    await using app = await startApp({ upstream: genauth, env })
    const weaker = { enabledFactors: ['SMS'], reason: 'why not' }
    const { data, headers } = await app.graphql(SET, { input: weaker })
    expect(data.setMfaPoolPolicy).toMatchObject({
      __typename: 'MfaStepUpRequiredError',
      maxAgeS: 300,
      effects: ['WEAKENING'],
    })
    expect(headers.get('www-authenticate')).toContain('insufficient_user_authentication')
    expect(genauth.states).toHaveLength(1)
    expect(await set(app, { enabledFactors: ['SMS', 'EMAIL', 'OTP'] })).toMatchObject({ applied: true })
    const fresh = { scope: 'mfa:policy', auth_time: Math.floor(Date.now() / 1_000) - 10 }
    const signedIn = { authorization: `Bearer ${await app.issuer.token(fresh)}` }
    expect(await set(app, { enabledFactors: ['SMS'] }, signedIn)).toMatchObject({ rule: 'REASON_REQUIRED' })
    expect(await set(app, weaker, signedIn)).toMatchObject({ applied: true })
    expect(app.journal.findLast(({ kind }) => kind === 'policyIntent')).toMatchObject({
      railsPassed: ['STEP_UP', 'REASON'],
    })
  })

  it('lets a caller who may weaken themselves nowhere weaken everybody, since no rule knows whom it is about', async () => {
    await using app = await startApp({ upstream: genauth, claims: { sub: 'no-genauth-id at all' } })
    expect(await set(app, { enabledFactors: ['SMS'] })).toMatchObject({ applied: true })
  })

  it('lets a caller switch factors off five times in an hour, and on as often as they may write', async () => {
    const env = { RATE_LIMITS: 'reads=9,writes=99,weakenings=1,misses=1' }
    await using app = await startApp({ upstream: genauth, env })
    const types = []
    for (let n = 0; n < 6; n++) {
      expect(await set(app, { enabledFactors: ['SMS', 'OTP'] })).toMatchObject({
        __typename: n === 0 ? 'SetMfaPoolPolicySuccess' : expect.any(String),
      })
      types.push((await set(app, { enabledFactors: ['SMS'] })).__typename)
    }
    // The first change takes e-mail away, too.
    expect(types.slice(0, 4)).toEqual(types.slice(0, 4).map(() => 'SetMfaPoolPolicySuccess'))
    const refused = await set(app, { enabledFactors: ['FACE'] })
    expect(refused).toMatchObject({ __typename: 'MfaRateLimitedError', origin: 'LAYER' })
    expect(refused.retryAfterMs).toBeGreaterThan(3_500_000)
    expect(types.slice(4)).toEqual(['MfaRateLimitedError', 'MfaRateLimitedError'])
  })

  it('without a journal changes nothing', async () => {
    let isFull = false
    await using app = await startApp({
      upstream: genauth,
      async onJournalLines() {
        if (isFull) throw new Error('full')
      },
    })
    isFull = true
    const { data, errors } = await app.graphql(SET, { input: { enabledFactors: ['SMS'] } })
    expect([data, errors[0].extensions.code]).toEqual([null, 'AUDIT_UNAVAILABLE'])
    expect(genauth.states).toHaveLength(1)
  })

  it('changes the pool one by one', async () => {
    await using app = await startApp({ upstream: genauth })
    const wishes = [['SMS', 'OTP'], ['EMAIL'], ['FACE', 'SMS'], ['OTP', 'EMAIL', 'SMS']]
    const made = await Promise.all(wishes.map(enabledFactors => set(app, { enabledFactors })))
    for (const [index, { __typename, policy }] of made.entries()) {
      expect(__typename).toBe('SetMfaPoolPolicySuccess')
      expect(policy.enabledFactors.toSorted()).toEqual(wishes[index]?.toSorted())
    }
    const before = app.journal.filter(({ kind }) => kind === 'policyIntent').map(intent => intent.before)
    expect(new Set(before.map(String)).size).toBe(4)
  })

  it('says that nothing was changed where the pool cannot be read', async () => {
    await using app = await startApp({ upstream: genauth })
    genauth.reply('get-global-mfa-settings', failing(602))
    expect(await set(app, { enabledFactors: ['SMS'] })).toMatchObject({
      __typename: 'MfaPolicyUnavailableError',
      outcome: 'NOT_APPLIED',
      observed: null,
    })
  })

  it.each([
    [failing(402), 'MfaPlanRequiredError'],
    [failing(200, 4021), 'MfaPlanRequiredError'],
    [failing(403), 'MfaUpstreamForbiddenError'],
  ])('writes and records nothing where the read ends with %j', async (reply, type) => {
    await using app = await startApp({ upstream: genauth })
    for (const dryRun of [true, false]) {
      genauth.reply('get-global-mfa-settings', reply)
      expect(await set(app, { enabledFactors: ['SMS'], dryRun })).toMatchObject({ __typename: type })
    }
    expect([app.takeCalls(), app.journal.length]).toEqual([[READS, READS], 1])
  })

  it.each([400, 404, 409, 422])(
    'does not blame the input for a read that GenAuth refuses with %i',
    async code => {
      await using app = await startApp({ upstream: genauth })
      genauth.reply('get-global-mfa-settings', failing(code))
      const refused = await set(app, { enabledFactors: ['SMS'] })
      expect(refused).toMatchObject({ __typename: 'MfaOperationRefusedError', retryable: false })
      expect(genauth.states).toHaveLength(1)
    },
  )

  it('takes only names that fit into a record, because a longer record could never be read again', async () => {
    await using app = await startApp({ upstream: genauth })
    // JSON needs six bytes for such a character.
    const longest = Array.from({ length: 8 }, (_, index) => `${index}${'\u0001'.repeat(8_190)}`)
    genauth.begin(['SMS', ...longest])
    expect(await set(app, { enabledFactors: ['OTP'] })).toMatchObject({ applied: true })
    for (const record of app.journal) expect(JSON.stringify(record).length).toBeLessThan(1_048_576)
    genauth.begin(['SMS', ...longest, 'x'.repeat(100)])
    expect(await set(app, { enabledFactors: ['OTP'] })).toMatchObject({ outcome: 'NOT_APPLIED' })
    expect(app.journal).toHaveLength(3)
  })

  it('is known to the warnings about users immediately, which keep the factors of the pool for a minute', async () => {
    await using app = await startApp({ upstream: genauth })
    const change = `mutation { setUserMfaStatus(input: { userId: "u", enable: [SMS], dryRun: true }) {
      ... on SetUserMfaStatusPreview { warnings { code } } } }`
    const codes = async () =>
      (await app.graphql(change)).data.setUserMfaStatus.warnings.map(({ code }: Json) => code)
    expect(await codes()).toEqual(['FACTOR_DISABLED_GLOBALLY'])
    await set(app, { enabledFactors: ['SMS', 'EMAIL', 'OTP'] })
    expect(await codes()).toEqual([])
    await set(app, { enabledFactors: ['EMAIL', 'OTP'] })
    expect(await codes()).toEqual(['FACTOR_DISABLED_GLOBALLY'])
  })
})
