import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { toAuditKeyring } from '../src/journal/audit-key.ts'
import { type Json, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { createHandClock } from './support/hand-clock.ts'
import { makeUndoPlaces, startUndoApp } from './support/undo-app.ts'

const ADA = '65a000000000000000000001'
/** The id that the fake tells of every user who is named otherwise. */
const FOUND = '65b000000000000000000001'
const READ = `query ($userId: String!) { userMfa(userId: $userId) { ... on UserMfa { revision factors { code enabled sort } } } }`
const SET = `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) { ... on SetUserMfaStatusSuccess { changeId } } }`
const UNKNOWN_ID = '0b0e3c1e-6b0a-4d5e-9a3a-3f0f4d1f2a11'

type Stored = [mfaPolicy: string, status: number, sort: number]

const storing = (...factors: Stored[]) =>
  triggerData({ applicationMfa: factors.map(([mfaPolicy, status, sort]) => ({ mfaPolicy, status, sort })) })
const listOf = (stored: Json): Stored[] =>
  stored.applicationMfa.map(({ mfaPolicy, status, sort }: Json) => [mfaPolicy, status, sort])

describe('an undo', () => {
  it('undoes the change that a result names, and a result without a write names none', async () => {
    await using app = await startUndoApp()
    const change = async (input: object) => (await app.graphql(SET, { input })).data.setUserMfaStatus
    const made = await change({ userId: ADA, disable: ['SMS'] })
    expect(made.changeId).toBe(app.records('intent')[0].id)
    expect(await change({ userId: ADA, disable: ['SMS'] })).toEqual({ changeId: null })
    expect(await app.undo({ changeId: made.changeId })).toMatchObject({ applied: true })
  })

  it('takes back the last of two changes and not the first, and can be undone itself', async () => {
    await using app = await startUndoApp()
    const first = await app.graphql(READ, { userId: ADA })
    const one = await app.set({ userId: ADA, disable: ['SMS'] })
    const two = await app.set({ userId: ADA, enable: ['FACE'] })
    app.takeCalls()

    const early = await app.undo({ changeId: one.changeId })
    expect(early).toMatchObject({ __typename: 'MfaRevisionConflictError', retryable: false })
    expect(early.current).toEqual(two.userMfa)
    expect(app.takeCalls()).toEqual(['get-mfa-status'])

    const undone = await app.undo({ changeId: two.changeId })
    expect(undone).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true, changed: true })
    expect(undone.userMfa).toEqual(one.userMfa)
    // It switches FACE off, and what weakens is read back.
    expect(app.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])

    // The first one is in force now, so it can be undone. That only switches on.
    const all = await app.undo({ changeId: one.changeId, reason: 'a mistake' })
    expect(all.userMfa).toEqual(first.data.userMfa)
    expect(app.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status'])
    expect((await app.graphql(READ, { userId: ADA })).data).toEqual(first.data)

    const [, , , undo] = app.records('intent')
    expect((await app.undo({ changeId: undo.id })).userMfa).toEqual(one.userMfa)
    // The same undo once more meets the state that it has made.
    expect(await app.undo({ changeId: undo.id })).toMatchObject({
      __typename: 'MfaRevisionConflictError',
      message: expect.stringContaining(
        'not, or not provably, the one that this change made; nothing was changed',
      ),
      current: one.userMfa,
    })
    const intents = app.records('intent')
    expect(intents.map(({ revertOf = null, reason }) => [revertOf, reason])).toEqual([
      [null, null],
      [null, null],
      [two.changeId, null],
      [one.changeId, 'a mistake'],
      [undo.id, null],
    ])
    expect(intents[2].revisionIntended).toBe(intents[1].revisionBefore)
    expect(app.records('outcome').map(({ outcome }) => outcome)).toEqual(Array(5).fill('APPLIED'))
    expect(await app.findBreak()).toBeNull()
  })

  const changes: [string, Stored[], object][] = [
    ['a factor that was not listed', [['SMS', 1, 0]], { enable: ['OTP'] }],
    ['the only factor', [], { enable: ['OTP'] }],
    [
      'factors that are removed',
      [
        ['SMS', 1, 3],
        ['EMAIL', 0, 5],
      ],
      { factors: [], allowNoFactor: true },
    ],
    [
      'the order',
      [
        ['SMS', 1, 0],
        ['OTP', 1, 1],
        ['EMAIL', 0, 2],
      ],
      { factors: [{ type: 'EMAIL' }, { type: 'OTP' }] },
    ],
    [
      'ties, in the order of GenAuth',
      [
        ['OTP', 1, 1],
        ['SMS', 1, 1],
        ['FACE', 0, 1],
      ],
      { factors: [{ type: 'SMS' }] },
    ],
    [
      'unknown factors in front, in between and twice',
      [
        ['PASSKEY', 7, 0],
        ['SMS', 1, 1],
        ['VOICE', 0, 2],
        ['OTP', 1, 3],
        ['PASSKEY', 0, 4],
      ],
      {
        factors: [
          { type: 'OTP', sort: 9 },
          { type: 'SMS', enabled: false },
        ],
      },
    ],
    [
      'places that nobody else would give',
      [
        ['SMS', 1, -2],
        ['OTP', 1, 0.5],
        ['EMAIL', 1, 0.25],
      ],
      { disable: ['EMAIL'] },
    ],
    [
      'the only factor that is known',
      [
        ['PASSKEY', 7, 1],
        ['SMS', 1, 0],
      ],
      { disable: ['SMS'], allowNoFactor: true },
    ],
  ]
  it('makes the very list that there was, and the very revision', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    for (const [what, factors, change] of changes) {
      genauth.stored = storing(...factors)
      const before = (await app.graphql(READ, { userId: FOUND })).data
      const { changeId } = await app.set({ userId: FOUND, ...change })
      const preview = await app.undo({ changeId, allowNoFactor: true, dryRun: true })
      const undone = await app.undo({ changeId, allowNoFactor: true })
      expect(undone, what).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true })
      expect(undone.userMfa, what).toEqual(before.userMfa)
      expect(preview.after.factors, what).toEqual(before.userMfa.factors)
      expect(listOf(genauth.stored), what).toEqual(factors)
    }
  })

  it('previews, which writes and records nothing', async () => {
    await using app = await startUndoApp()
    const { changeId, userMfa } = await app.set({ userId: ADA, disable: ['SMS'] })
    const [intents] = [app.records('intent').length, app.takeCalls()]
    expect(await app.undo({ changeId, dryRun: true })).toMatchObject({
      __typename: 'SetUserMfaStatusPreview',
      userId: ADA,
      changed: true,
      expectedRevision: userMfa.revision,
    })
    expect([app.takeCalls(), app.records('intent').length]).toEqual([['get-mfa-status'], intents])
    expect((await app.undo({ changeId })).__typename).toBe('SetUserMfaStatusSuccess')
    expect((await app.undo({ changeId, dryRun: true })).__typename).toBe('MfaRevisionConflictError')
  })

  it('goes to the person of the change, whoever has the identifier now', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    genauth.reply('get-user', ok({ userId: FOUND, email: CANARY.email }))
    const named = { userId: CANARY.email, userIdType: 'EMAIL' }
    const { changeId } = await app.set({ ...named, enable: ['FACE'] })
    expect(changeId).toEqual(expect.any(String))
    genauth.reply('get-user', ok({ userId: ADA, email: CANARY.email }))
    genauth.takeCalls()
    expect((await app.undo({ changeId })).applied).toBe(true)
    expect(genauth.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status', 'get-mfa-status'])
    expect(genauth.seenOf('set-mfa-status').map(({ params }) => params.userId)).toEqual([FOUND, FOUND])
    expect(app.records('intent').map(({ user }) => [user.idType, user.genauthId])).toEqual([
      ['EMAIL', FOUND],
      ['USER_ID', FOUND],
    ])
  })

  it('goes to a person whose id the journal keeps sealed, because it may be any text', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const { changeId } = await app.set({ userId: 'legacy-7', enable: ['FACE'] })
    expect((await app.undo({ changeId })).applied).toBe(true)
    expect(genauth.seenOf('set-mfa-status').map(({ params }) => params.userId)).toEqual([
      'legacy-7',
      'legacy-7',
    ])
    expect(app.records('intent').map(({ user }) => user.genauthId)).toEqual([null, null])
  })

  it('says so where the person is gone', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const { changeId } = await app.set({ userId: FOUND, enable: ['FACE'] })
    genauth.reply('get-mfa-status', failing(404))
    expect(await app.undo({ changeId })).toMatchObject({ __typename: 'MfaUserNotFoundError' })
    // Somebody new without a state, under the same id.
    genauth.reply('get-mfa-status', ok(null))
    expect(await app.undo({ changeId })).toMatchObject({
      __typename: 'MfaRevisionConflictError',
      current: { factors: [] },
    })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  })

  it('is refused once somebody else has changed anything of the state', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const { changeId } = await app.set({ userId: FOUND, enable: ['FACE'] })
    const made = genauth.stored as Json
    for (const other of [
      { mfaPhone: '13900000009' },
      { totpMfaEnabled: false },
      { nickname: 'n' },
      {
        applicationMfa: made.applicationMfa.toReversed().map((one: Json, sort: number) => ({ ...one, sort })),
      },
    ]) {
      genauth.stored = { ...made, ...other }
      expect(await app.undo({ changeId })).toMatchObject({
        __typename: 'MfaRevisionConflictError',
        current: { revision: expect.any(String) },
      })
    }
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
    genauth.stored = made
    expect((await app.undo({ changeId })).applied).toBe(true)
  })

  it('holds by the key of its change, while that is a former AUDIT_KEY', async () => {
    await using places = await makeUndoPlaces()
    const keyFile = `${places.env.AUDIT_LOG}.key`
    const [first, second] = ['the first audit key of these tests', 'the second audit key of these tests']
    writeFileSync(keyFile, first)
    await using app = await startUndoApp({ env: { AUDIT_KEY_FILE: keyFile } }, places)
    const before = await app.graphql(READ, { userId: ADA })
    const { changeId } = await app.set({ userId: ADA, disable: ['SMS'] })
    writeFileSync(keyFile, `${second}\n${first}`)
    await app.rereadSecrets()
    const { userMfa } = await app.undo({ changeId })
    expect(userMfa.factors).toEqual(before.data.userMfa.factors)
    // The state is the same, and has another name under another key.
    const revisions = [before.data.userMfa.revision, userMfa.revision]
    expect(revisions).toEqual([expect.any(String), expect.any(String)])
    expect(new Set(revisions).size).toBe(2)
    const keys = toAuditKeyring({ auditKeys: [second, first], accessKeySecret: '' })
    expect(await app.findBreak(keys)).toBeNull()
  })

  it('of two operators is made once', async () => {
    await using app = await startUndoApp()
    const { changeId } = await app.set({ userId: ADA, enable: ['FACE'] })
    app.takeCalls()
    const both = await Promise.all([app.undo({ changeId }), app.undo({ changeId })])
    expect(both.map(({ __typename }) => __typename).toSorted()).toEqual([
      'MfaRevisionConflictError',
      'SetUserMfaStatusSuccess',
    ])
    expect(app.takeCalls().filter(call => call === 'set-mfa-status')).toHaveLength(1)
  })
})

describe('a change that cannot be taken back truly', () => {
  it('costs no call, and the refusal says why', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const set = (input: object) => app.set({ userId: FOUND, ...input })
    const contact = await set({ enable: ['FACE'], triggerData: { mfaPhone: '13900000009' } })
    const flag = await set({ triggerData: { totpMfaEnabled: false } })
    const name = await set({ disable: ['FACE'], triggerData: { nickname: 'Nick' } })
    const whole = await app.graphql(
      `mutation ($token: String!) { setUserMfaStatus(input: { userId: "${FOUND}", factors: [{ type: SMS }], triggerData: { mfaToken: $token } }) { __typename } }`,
      { token: CANARY.mfaToken },
    )
    expect(whole.data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
    const replacement = app.records('intent').at(-1)
    genauth.reply('set-mfa-status', failing(422))
    const refused = await set({ enable: ['FACE'] })
    genauth.reply('set-mfa-status', { status: 502, body: '' })
    const doubtful = await set({ enable: ['FACE'] })
    expect(doubtful.outcome).toBe('UNKNOWN')
    genauth.takeCalls()
    const ids = [contact, flag, name].map(({ changeId }) => changeId)
    for (const [changeId, why] of [
      ...ids.map(id => [id, 'CONTACTS_CHANGED']),
      [replacement.id, 'STATE_BEFORE_UNKNOWN'],
      [refused.changeId, 'NOT_APPLIED'],
      [doubtful.changeId, 'OUTCOME_UNKNOWN'],
    ]) {
      for (const dryRun of [true, false]) {
        const result = await app.undo({ changeId, dryRun })
        expect(result).toMatchObject({ __typename: 'MfaNotRevertibleError', code: 'NOT_REVERTIBLE', why })
        expect(result.message).toContain('nothing')
        expect(result.retryable).toBe(why === 'OUTCOME_UNKNOWN')
      }
    }
    expect(genauth.takeCalls()).toEqual([])
  })

  it('is one that took a name for display away which is no text: its record does not say so', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    genauth.stored = triggerData({ nickname: ['n'] })
    const { changeId } = await app.set({ userId: FOUND, enable: ['FACE'], triggerData: { nickname: null } })
    expect(app.records('intent')[0].changedFields).toEqual([])
    expect(await app.undo({ changeId })).toMatchObject({ why: 'CONTACTS_CHANGED', retryable: false })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  })

  it('is one of a user without a token to write with', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const { changeId } = await app.set({ userId: FOUND, enable: ['FACE'] })
    genauth.stored = { ...(genauth.stored as Json), mfaToken: null }
    expect(await app.undo({ changeId })).toMatchObject({ why: 'NO_MFA_TOKEN', retryable: false })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  })

  it('may be one in doubt only until a later look finds its state', async () => {
    await using genauth = await startFakeGenAuth()
    const clock = createHandClock(Date.now())
    const env = { GENAUTH_TIMEOUT_MS: '1000' }
    await using app = await startUndoApp({
      upstream: genauth,
      clock: { ...systemClock, now: clock.now },
      backgroundClock: clock,
      env,
    })
    const before = genauth.stored
    const late = { status: 502, body: '' }
    let carryOut = () => {}
    genauth.reply('set-mfa-status', (response, _request, params) => {
      carryOut = () => {
        genauth.stored = params.mfaTriggerData
      }
      response.writeHead(late.status).end()
    })
    const { changeId, outcome } = await app.set({ userId: FOUND, enable: ['FACE'] })
    expect(outcome).toBe('UNKNOWN')
    expect(await app.undo({ changeId })).toMatchObject({ why: 'OUTCOME_UNKNOWN', retryable: true })
    carryOut()
    await clock.advance(1_000)
    await expect.poll(() => app.records('followUp')).toMatchObject([{ found: 'INTENDED' }])
    genauth.reply('set-mfa-status', genauth.storing(ok({ success: true })))
    await expect.poll(async () => (await app.undo({ changeId })).applied).toBe(true)
    expect(listOf(genauth.stored)).toEqual(listOf(before))
    expect(app.records('intent').at(-1).revertOf).toBe(changeId)
  })
})

describe('an undo is a change like any other', () => {
  it('before the guard rails', async () => {
    await using genauth = await startFakeGenAuth()
    const env = { AUTH_STEP_UP_MAX_AGE_S: '300', REQUIRE_REASON: 'weakening', PROTECTED_USERS: ADA }
    await using app = await startUndoApp({ upstream: genauth, env })
    const signedIn = async (claims: object) => ({
      authorization: `Bearer ${await app.issuer.token({ scope: 'mfa:write', ...claims })}`,
    })
    const fresh = { auth_time: Math.floor(Date.now() / 1_000) }
    const desk = await signedIn({ ...fresh, sub: 'desk' })
    const { changeId } = await app.set({ userId: FOUND, enable: ['FACE'], reason: 'r' }, desk)
    const stale = await app.undo({ changeId, reason: 'r' }, await signedIn({ sub: 'desk' }))
    expect(stale).toMatchObject({ __typename: 'MfaStepUpRequiredError', maxAgeS: 300 })
    expect(await app.undo({ changeId }, desk)).toMatchObject({ rule: 'REASON_REQUIRED' })
    const own = await app.undo({ changeId, reason: 'r' }, await signedIn({ ...fresh, sub: FOUND }))
    expect(own).toMatchObject({ __typename: 'MfaPolicyViolationError', rule: 'OWN_USER' })
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
    const undone = await app.undo({ changeId, reason: 'r' }, desk)
    expect(undone).toMatchObject({ applied: true, effects: ['WEAKENING'] })
    expect(app.records('intent').at(-1)).toMatchObject({ railsPassed: ['STEP_UP', 'REASON'], reason: 'r' })

    const ofAda = await app.set({ userId: ADA, enable: ['FACE'], reason: 'r' }, desk)
    expect(await app.undo({ changeId: ofAda.changeId, reason: 'r' }, desk)).toMatchObject({
      __typename: 'MfaPolicyViolationError',
      rule: 'PROTECTED_USER',
    })
  })

  it('before the rail for the last factor, and before the limits', async () => {
    await using genauth = await startFakeGenAuth()
    const env = { RATE_LIMITS: 'reads=100,writes=3,weakenings=3,misses=3' }
    await using app = await startUndoApp({ upstream: genauth, env })
    genauth.stored = storing()
    const { changeId } = await app.set({ userId: FOUND, enable: ['SMS'] })
    expect(await app.undo({ changeId })).toMatchObject({ rule: 'NO_FACTOR' })
    expect(await app.undo({ changeId, allowNoFactor: true })).toMatchObject({ applied: true })
    expect(await app.undo({ changeId, allowNoFactor: true })).toMatchObject({
      __typename: 'MfaRateLimitedError',
      origin: 'LAYER',
    })
  })

  it('that may have been made, or not, and says so', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const { changeId } = await app.set({ userId: FOUND, enable: ['FACE'] })
    genauth.reply('set-mfa-status', { status: 502, body: '' })
    expect(await app.undo({ changeId })).toMatchObject({
      __typename: 'MfaUpstreamUnavailableError',
      outcome: 'UNKNOWN',
    })
    const undo = app.records('intent').at(-1)
    expect(undo.revertOf).toBe(changeId)
    expect(app.records('outcome').at(-1)).toMatchObject({ intent: undo.id, outcome: 'UNKNOWN' })
    expect(await app.undo({ changeId: undo.id })).toMatchObject({ why: 'OUTCOME_UNKNOWN' })
    // Nobody wrote, so the change can still be undone.
    genauth.reply('set-mfa-status', genauth.storing(ok({ success: true })))
    expect((await app.undo({ changeId })).applied).toBe(true)
  })

  it('whose result names the person as the supergraph does', async () => {
    await using app = await startUndoApp({ env: { FEDERATION_USER_ID_TYPE: 'EXTERNAL_ID' } })
    const { changeId } = await app.set({ userId: ADA, disable: ['SMS'] })
    await app.undo({ changeId, dryRun: true })
    const undo = `mutation { revertMfaChange(input: { changeId: "${changeId}" }) { ... on SetUserMfaStatusSuccess { userMfa { user { id } } } } }`
    const { data } = await app.graphql(undo)
    expect(data.revertMfaChange.userMfa.user.id).toBe('emp-0001')
  })
})

describe('a change that is not known', () => {
  it('by any text costs no call, and counts as a refused request', async () => {
    await using app = await startUndoApp({ env: { REFUSED_REQUESTS_PER_MINUTE: '8' } })
    for (const changeId of [
      UNKNOWN_ID,
      UNKNOWN_ID.toUpperCase(),
      '',
      'x',
      '\0',
      "' OR 1=1",
      '9'.repeat(5_000),
      '👩‍💻',
    ]) {
      expect(await app.undo({ changeId })).toMatchObject({
        __typename: 'MfaChangeNotFoundError',
        code: 'CHANGE_NOT_FOUND',
      })
    }
    expect(app.takeCalls()).toEqual([])
    expect((await app.undo({ changeId: UNKNOWN_ID })).status).toBe(429)
  })

  it('nor is a fault of the reason told after it', async () => {
    await using app = await startUndoApp()
    expect(await app.undo({ changeId: UNKNOWN_ID, reason: ' ' })).toMatchObject({
      fieldErrors: [{ path: ['input', 'reason'] }],
    })
  })

  it('without a store is none at all', async () => {
    await using app = await startApp()
    const undo = `mutation { revertMfaChange(input: { changeId: "${UNKNOWN_ID}" }) { __typename ... on MfaError { code } } }`
    const { data } = await app.graphql(undo)
    expect(data.revertMfaChange).toEqual({ __typename: 'MfaFeatureOffError', code: 'FEATURE_OFF' })
  })
})
