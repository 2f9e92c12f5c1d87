import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { findFreePort } from './support/free-port.ts'
import { HAS_REDIS, startRedis, type TestRedis } from './support/redis.ts'

const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied effects warnings { code } }
      ... on SetUserMfaStatusPreview { effects warnings { code } }
      ... on MfaUpstreamUnavailableError { outcome }
      ... on MfaError { message retryable }
    }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess { results { payload { ... on SetUserMfaStatusSuccess { applied warnings { code } } } } }
    }
  }
`
const REFUSED = {
  __typename: 'MfaUpstreamUnavailableError',
  outcome: 'NOT_APPLIED',
  retryable: true,
  message:
    'The replicas of this server cannot share their locks at the moment, so nothing was changed. Try again later.',
}

const toCodes = (warnings: { code: string }[]) => warnings.map(({ code }) => code)

async function set(app: TestApp, input: Record<string, unknown>) {
  const { data, errors } = await app.graphql(SET, { input: { userId: 'u', ...input } })
  expect(errors).toEqual([])
  return data.setUserMfaStatus
}

const intentsOf = ({ journal }: TestApp) => journal.filter(({ kind }) => kind === 'intent')

/** A replica that has never reached its Redis. */
async function startLost(upstream: FakeGenAuth, env: Record<string, string> = {}) {
  const REDIS_URL = `redis://127.0.0.1:${await findFreePort()}`
  return startApp({ upstream, env: { REDIS_URL, ALLOW_SELF_WEAKENING: 'on', ...env } })
}

describe.concurrent('a change while Redis is lost', () => {
  it('warns of it, and its record says so', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startLost(genauth)
    expect(await set(app, { enable: ['FACE'], dryRun: true })).toMatchObject({
      effects: ['REDIRECTING'],
      warnings: [],
    })
    const { applied, warnings } = await set(app, { enable: ['FACE'] })
    expect([applied, toCodes(warnings)]).toEqual([true, ['LOCK_NOT_SHARED']])
    expect(await set(app, { enable: ['FACE'] })).toMatchObject({ applied: false, warnings: [] })
    expect(intentsOf(app).map(({ railsPassed }) => railsPassed)).toEqual([['LOCK_NOT_SHARED']])
  })

  it('warns of it in each result of a list', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('set-mfa-status', ok({ success: true }))
    await using app = await startLost(genauth)
    const input = { users: [{ userId: 'u' }, { userId: 'v' }], enable: ['FACE'] }
    const { data } = await app.graphql(SET_SEVERAL, { input })
    expect(data.setUsersMfaStatus.results).toEqual(
      Array(2).fill({ payload: { applied: true, warnings: [{ code: 'LOCK_NOT_SHARED' }] } }),
    )
  })

  it.each(['get-user-mfa-info', 'get-global-mfa-settings'])(
    'warns of it where %s fails, beside what is known all the same',
    async endpoint => {
      await using genauth = await startFakeGenAuth()
      genauth.reply(endpoint, failing(500))
      await using app = await startLost(genauth)
      const { warnings } = await set(app, {
        factors: [{ type: 'SMS' }],
        triggerData: { mfaPhone: null },
      })
      expect(toCodes(warnings)).toEqual(['LOCK_NOT_SHARED', 'LOOK_UP_FAILED', 'SMS_WITHOUT_PHONE'])
    },
  )

  it.each([
    ['off', []],
    ['weakening', ['WEAKENING', 'REDIRECTING']],
    ['writes', ['WEAKENING', 'REDIRECTING', 'NONE']],
  ])('is refused, REDIS_REQUIRED_FOR being %s, with the effects %j', async (mode, refused) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startLost(genauth, { REDIS_REQUIRED_FOR: mode, METRICS_PORT: '0' })
    for (const [effect, change] of Object.entries({
      WEAKENING: { disable: ['OTP'] },
      REDIRECTING: { enable: ['FACE'] },
      NONE: { factors: [{ type: 'SMS' }, { type: 'OTP' }], triggerData: { nickname: 'other' } },
    })) {
      genauth.stored = triggerData()
      const { effects } = await set(app, { ...change, dryRun: true })
      expect([effect, effects]).toEqual([effect, effect === 'NONE' ? [] : [effect]])
      const answer = await set(app, change)
      if (refused.includes(effect)) expect(answer).toEqual(REFUSED)
      else expect([effect, answer]).toMatchObject([effect, { applied: true }])
    }
    expect(intentsOf(app)).toHaveLength(3 - refused.length)
    expect(await app.metrics()).toMatchObject({
      'unshared_locks_total{outcome="MADE"}': 3 - refused.length,
      'unshared_locks_total{outcome="REFUSED"}': refused.length,
    })
  })

  it('is judged by the state before, where that decides', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startLost(genauth, { REDIS_REQUIRED_FOR: 'weakening' })
    const known = triggerData().applicationMfa.filter(({ mfaPolicy }) => mfaPolicy !== 'PASSKEY')
    const bare = { mfaPhone: null, mfaPhoneCountryCode: null, mfaEmail: null, totpMfaEnabled: null }
    genauth.stored = triggerData({ ...bare, applicationMfa: known })
    // With a token and a whole list, nothing would have to be read.
    const whole = { mfaToken: CANARY.mfaToken, username: 'someone', nickname: 'other' }
    const change = { factors: [{ type: 'SMS' }, { type: 'OTP' }], triggerData: whole }
    expect(await set(app, change)).toMatchObject({ applied: true, effects: [] })
    expect(await set(app, { ...change, factors: [{ type: 'SMS' }] })).toEqual(REFUSED)
  })

  it('is refused without use of the limit for what weakens', async () => {
    await using genauth = await startFakeGenAuth()
    // While Redis is lost, a replica that never reached it allows a quarter.
    const RATE_LIMITS = 'reads=60,writes=60,weakenings=4,misses=60'
    await using app = await startLost(genauth, { REDIS_REQUIRED_FOR: 'weakening', RATE_LIMITS })
    for (let n = 0; n < 3; n++) expect(await set(app, { disable: ['SMS'] })).toEqual(REFUSED)
  })
})

describe.runIf(HAS_REDIS).concurrent('a change whose lock is lost on the way', () => {
  const EVENTS = {
    'while the state before is read': 'get-mfa-status',
    'while the intent is recorded': 'intent',
    'while GenAuth carries it out': 'set-mfa-status',
  } as const

  async function change(event: string, mode: string, lose: (redis: TestRedis) => Promise<unknown>) {
    await using redis = await startRedis()
    await using genauth = await startFakeGenAuth()
    let hasHappened = false
    const happen = async (what: string) => {
      if (what !== event || hasHappened) return
      hasHappened = true
      await lose(redis)
    }
    for (const endpoint of ['get-mfa-status', 'set-mfa-status']) {
      const reply = ok(endpoint === 'get-mfa-status' ? genauth.stored : { success: true })
      genauth.reply(endpoint, async response => {
        await happen(endpoint)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(reply.body))
      })
    }
    await using app = await startApp({
      upstream: genauth,
      // A Redis that seems slow on a busy machine says nothing of the product.
      env: { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000', REDIS_REQUIRED_FOR: mode },
      onJournalLines: async lines => {
        if (lines.includes('"intent"')) await happen('intent')
      },
    })
    const isReady = async () => (await app.fetch('/ready')).text === '{"status":"ready"}'
    await vi.waitUntil(isReady, { timeout: 12_000 })
    const answer = await set(app, { enable: ['FACE'] })
    return { answer, writes: genauth.seenOf('set-mfa-status').length, records: app.journal.length }
  }

  const kill = (redis: TestRedis) => redis.kill()
  /** Long enough for a renewal of the lease to fail. */
  const killForLong = async (redis: TestRedis) => {
    await redis.kill()
    await sleep(1_700)
  }

  it.each(Object.entries(EVENTS))('warns of it: lost %s', async (_when, event) => {
    const { answer, writes } = await change(event, 'off', event === 'intent' ? killForLong : kill)
    expect(answer).toMatchObject({ applied: true })
    expect(toCodes(answer.warnings)).toEqual(['LOCK_NOT_SHARED'])
    expect(writes).toBe(1)
  })

  it('warns of it: forgotten while GenAuth carries it out', async () => {
    const forget = async (redis: TestRedis) => {
      await redis.kill()
      await redis.start()
    }
    const { answer } = await change('set-mfa-status', 'off', forget)
    expect(toCodes(answer.warnings)).toEqual(['LOCK_NOT_SHARED'])
  })

  it('is refused if it must be shared and the state before is being read', async () => {
    const { answer, writes, records } = await change('get-mfa-status', 'writes', kill)
    expect(answer).toEqual(REFUSED)
    // The record that opens a journal.
    expect([writes, records]).toEqual([0, 1])
  })

  it('is refused if it must be shared and the intent is being recorded', async () => {
    const { answer, writes, records } = await change('intent', 'writes', killForLong)
    expect(answer).toEqual(REFUSED)
    expect([writes, records]).toEqual([0, 3])
  })

  it('is made with a warning if it must be shared and was sent before', async () => {
    const { answer, writes } = await change('set-mfa-status', 'writes', kill)
    expect([answer.applied, toCodes(answer.warnings), writes]).toEqual([true, ['LOCK_NOT_SHARED'], 1])
  })
})
