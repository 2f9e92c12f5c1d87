import { describe, expect, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, startFakeGenAuth } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const USER = '65b000000000000000000001'
const OTHER_PHONE = '13700000000'
const OTHER_EMAIL = 'other@example.com'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied changed }
      ... on SetUserMfaStatusPreview { changed }
      ... on MfaPolicyViolationError { rule effects }
      ... on MfaStepUpRequiredError { effects }
      ... on MfaRateLimitedError { origin }
    }
  }
`
/** SMS is on already: with the right phone nothing changes. */
const KEEP = { userId: USER, enable: ['SMS'] }
const guess = (triggerData: object, more: object = {}) => ({ ...KEEP, triggerData, dryRun: true, ...more })
const [RIGHT, WRONG] = [guess({ mfaPhone: CANARY.phone }), guess({ mfaPhone: OTHER_PHONE })]
const LIMIT = (misses: number) => ({
  RATE_LIMITS: `reads=900,writes=900,weakenings=900,misses=${misses}`,
})

function probesOf({ journal }: { readonly journal: readonly Json[] }): Json[] {
  return journal.filter(({ kind }) => kind === 'probe')
}

describe('a guess at what is stored', () => {
  it.each<[string, Record<string, string>, Record<string, unknown>, string]>([
    ['a stale sign-in', { AUTH_STEP_UP_MAX_AGE_S: '60' }, {}, 'STEP_UP'],
    ['the own user', {}, { sub: USER }, 'OWN_USER'],
    ['a caller who does not say who it is', { AUTH_USER_ID_CLAIM: 'genauth_id' }, {}, 'CALLER_UNKNOWN'],
    ['no reason', { REQUIRE_REASON: 'weakening' }, {}, 'REASON_REQUIRED'],
    ['no reason, always', { REQUIRE_REASON: 'always' }, {}, 'REASON_REQUIRED'],
  ])('is refused alike, right or wrong, with %s, and is on record', async (_what, env, claims, rail) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env, claims })
    for (const field of ['mfaPhone', 'mfaEmail', 'phone']) {
      const stored = genauth.stored[field]
      const answers = []
      for (const value of [stored, field === 'mfaEmail' ? OTHER_EMAIL : OTHER_PHONE]) {
        for (const dryRun of [true, false]) {
          const { data } = await app.graphql(SET, { input: guess({ [field]: value }, { dryRun }) })
          answers.push(data.setUserMfaStatus)
        }
      }
      expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
      expect(answers[0].__typename).toMatch(/^Mfa(PolicyViolation|StepUpRequired)Error$/)
    }
    expect(probesOf(app).map(({ result }) => result)).toEqual(Array(12).fill(rail))
    expect(app.takeCalls()).not.toContain('set-mfa-status')
  })

  it('leaves who, when, whom, which fields and the answer, and no value', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, claims: { sub: 'agent-7', client_id: 'console' } })
    const headers = { 'x-request-id': 'request-1' }
    await app.graphql(SET, { input: RIGHT }, headers)
    await app.graphql(SET, { input: guess({ mfaEmail: OTHER_EMAIL, nickname: 'n' }) }, headers)
    await app.graphql(SET, { input: { ...RIGHT, dryRun: false } }, headers)
    await app.graphql(SET, { input: { ...WRONG, expectedRevision: 'r1.other' } }, headers)
    expect(probesOf(app)).toMatchObject([
      {
        requestId: 'request-1',
        traceId: null,
        time: expect.any(String),
        caller: { issuer: expect.any(String), subject: 'agent-7', client: 'console' },
        user: { idType: 'USER_ID', idHash: expect.any(String), genauthId: USER },
        fields: ['mfaPhone'],
        dryRun: true,
        result: 'SAME',
      },
      { fields: ['mfaEmail', 'nickname'], result: 'DIFFERENT' },
      { dryRun: false, result: 'SAME' },
      { result: 'REVISION_CONFLICT' },
    ])
    const text = JSON.stringify(app.journal)
    for (const value of [CANARY.phone, OTHER_PHONE, OTHER_EMAIL]) expect(text).not.toContain(value)
  })

  it('counts as a miss, and beyond the limit is not answered; a write gives it back', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env: LIMIT(3) })
    const write = async (mfaPhone: string) =>
      (await app.graphql(SET, { input: { ...KEEP, triggerData: { mfaPhone } } })).data.setUserMfaStatus
    for (const n of [1, 2, 3, 4]) expect(await write(`1370000000${n}`)).toMatchObject({ applied: true })
    const answers = await Promise.all(Array.from({ length: 6 }, () => app.graphql(SET, { input: WRONG })))
    const types = answers.map(({ data }) => data.setUserMfaStatus.__typename)
    expect(types.filter(type => type === 'SetUserMfaStatusPreview')).toHaveLength(3)
    expect(types.filter(type => type === 'MfaRateLimitedError')).toHaveLength(3)
    app.takeCalls()
    expect(await write(OTHER_PHONE)).toMatchObject({ origin: 'LAYER' })
    expect(
      (await app.graphql(SET, { input: { ...RIGHT, dryRun: false } })).data.setUserMfaStatus.origin,
    ).toBe('LAYER')
    expect(app.takeCalls()).toEqual([])
    expect(probesOf(app)).toHaveLength(3)
    const other = await app.graphql(SET, { input: { ...KEEP, dryRun: true } })
    expect(other.data.setUserMfaStatus.changed).toBe(false)
  })

  it('is one for each contact that a preview tells of by itself', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env: LIMIT(5) })
    const three = guess({ mfaPhone: `+86${CANARY.phone}`, mfaEmail: OTHER_EMAIL, phone: OTHER_PHONE })
    const document = SET.replace('Preview { changed }', 'Preview { contactChanges { field } }')
    const { data } = await app.graphql(document, { input: three })
    const fields = data.setUserMfaStatus.contactChanges.map(({ field }: Json) => field)
    expect(fields).toEqual(['EMAIL', 'ACCOUNT_PHONE'])
    // Two misses are left: too few for three guesses, which leave them as they are.
    for (const input of [three, guess({ mfaPhone: OTHER_PHONE, mfaEmail: OTHER_EMAIL }), WRONG]) {
      const next = await app.graphql(SET, { input })
      const isRefused = next.data.setUserMfaStatus.__typename === 'MfaRateLimitedError'
      expect(isRefused).toBe(input === three || input === WRONG)
    }
    expect(probesOf(app)).toHaveLength(2)
  })

  it('stays a miss where GenAuth refuses the write', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('set-mfa-status', failing(422))
    await using app = await startApp({ upstream: genauth, env: LIMIT(2) })
    const types = []
    for (let n = 0; n < 3; n++) {
      const { data } = await app.graphql(SET, { input: { ...WRONG, dryRun: false } })
      types.push(data.setUserMfaStatus.__typename)
    }
    const refused = 'MfaOperationRefusedError'
    expect(types).toEqual([refused, refused, 'MfaRateLimitedError'])
    expect(app.journal.filter(({ kind }) => kind === 'intent')).toHaveLength(2)
    expect(probesOf(app)).toEqual([])
  })

  it('costs no miss where GenAuth could not be asked', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-mfa-status', { status: 500, body: {} })
    await using app = await startApp({ upstream: genauth, env: LIMIT(1), clock: skipWaits(900) })
    for (let n = 0; n < 3; n++) {
      const { data } = await app.graphql(SET, { input: WRONG })
      expect(data.setUserMfaStatus.__typename).toBe('MfaUpstreamUnavailableError')
    }
    expect(probesOf(app)).toEqual([])
  })

  it('is not answered without a record, and not after the deadline on a disk that hangs', async () => {
    await using genauth = await startFakeGenAuth()
    let release = () => {}
    let fault: 'HANGS' | 'FULL' | null = 'FULL'
    const onJournalLines = (lines: string) => {
      if (fault === null || !lines.includes('"probe"')) return Promise.resolve()
      if (fault === 'FULL') return Promise.reject(new Error('no space left'))
      return new Promise<void>(resolve => {
        release = resolve
      })
    }
    await using app = await startApp({
      upstream: genauth,
      onJournalLines,
      env: { REQUEST_DEADLINE_MS: '1500' },
    })
    fault = 'HANGS'
    const startedAtMs = performance.now()
    const late = await app.graphql(SET, { input: RIGHT }, { 'x-request-deadline-ms': '300' })
    expect(late).toMatchObject({ status: 503, errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }] })
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    release()
    fault = 'FULL'
    expect((await app.graphql(SET, { input: WRONG })).status).toBe(503)
  })
})
