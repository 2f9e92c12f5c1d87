import { setTimeout } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { type Json, startApp } from './support/app.ts'
import { expectHonest, expectInTime, KNOWN_TOKEN, read, set } from './support/asking.ts'
import { startFaultUpstream } from './support/fault-upstream.ts'

const HEADER = 'x-request-deadline-ms'

// Each waits for a time-out of its own.
describe.concurrent('the deadline that a request asks for', () => {
  it('is ignored and counted where it is no number of milliseconds', async ({ expect }) => {
    await using genauth = await startFaultUpstream({ latencyMs: 80 })
    await using app = await startApp({ upstream: genauth })
    const forms = ['', '0', '000', '-1', '1.5', '1e3', '5s', ' ', '0x10', '9999999999', '50, 60']
    const counted = () =>
      app.log.flatMap(({ msg, ignoredDeadlines }) => (msg === 'request' ? [ignoredDeadlines] : []))
    for (const [index, asked] of forms.entries()) {
      expect((await read(app, 'u', { [HEADER]: asked })).payload.__typename, asked).toBe('UserMfa')
      await expect.poll(counted, { timeout: 5_000, message: asked }).toHaveLength(index + 1)
    }
    expect(counted()).toEqual(forms.map((_, index) => index + 1))
  })

  it('ends a read that waits for GenAuth', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    genauth.behave(() => () => {})
    const asked = await read(app, 'u', { [HEADER]: '500' })
    expect(asked.payload).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    expectInTime(asked, 500)
  })

  it('ends a wait for a token', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    genauth.behave(() => () => {})
    genauth.revokeTokens()
    for (const asked of [
      await read(app, 'u', { [HEADER]: '500' }),
      await set(app, 'u', KNOWN_TOKEN, { [HEADER]: '500' }),
    ]) {
      expect(asked.payload.code).toBe('UPSTREAM_UNAVAILABLE')
      expectInTime(asked, 500)
    }
    expect(genauth.requestsOf('set-mfa-status')).toEqual([])
  })

  it('ends a wait for the keys that would tell whether the token is good', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    app.issuer.rotate()
    app.issuer.setFault('SLOW')
    const authorization = `Bearer ${await app.issuer.token()}`
    const startedAtMs = performance.now()
    const { status, errors } = await app.graphql('{ __typename }', {}, { authorization, [HEADER]: '50' })
    expect([status, errors[0]?.extensions.code]).toEqual([503, 'DEADLINE_EXCEEDED'])
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  })

  it('longer than the layer’s own is no longer', async () => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth, env: { REQUEST_DEADLINE_MS: '1500' } })
    genauth.behave(({ endpoint }) => (endpoint === 'get-management-token' ? null : () => {}))
    expectInTime(await read(app, 'u', { [HEADER]: '60000' }), 1_500)
  })

  it('leaves a write a second to find out what became of it', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    genauth.behave(({ endpoint }) => (endpoint === 'set-mfa-status' ? () => {} : null))
    const asked = await set(app, 'u', {}, { [HEADER]: '1600' })
    expect(asked.payload).toMatchObject({ applied: true, verified: true })
    expectHonest(asked, 'u', genauth)
    expectInTime(asked, 1_600)
  })

  it('without that second sends no write, and says so', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    const asked = await set(app, 'u', KNOWN_TOKEN, { [HEADER]: '1000' })
    expect(asked.payload).toMatchObject({ outcome: 'NOT_APPLIED', retryable: true })
    expect(genauth.requestsOf('set-mfa-status')).toEqual([])
  })

  it('ends a wait for another set of the same user, which is then not made', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth })
    await read(app, 'first')
    let finish = () => {}
    const finished = new Promise<void>(resolve => {
      finish = resolve
    })
    genauth.behave(({ endpoint }) =>
      endpoint === 'set-mfa-status' ? ({ answer }) => void finished.then(() => answer()) : null,
    )
    const first = set(app, 'same', KNOWN_TOKEN)
    await expect.poll(() => genauth.writes, { timeout: 5_000 }).toEqual(['same'])
    const second = await set(app, 'same', KNOWN_TOKEN, { [HEADER]: '1500' })
    expect(second.payload).toMatchObject({ outcome: 'NOT_APPLIED', retryable: true })
    expectInTime(second, 1_500)
    finish()
    expect((await first).payload.applied).toBe(true)
    // A set of the same user that comes later is made after all that came before it.
    expect((await set(app, 'same', KNOWN_TOKEN)).payload.applied).toBe(true)
    expect(genauth.writes).toEqual(['same', 'same'])
  })

  it('ends a wait for a turn with the wish to come back later', async ({ expect }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startApp({ upstream: genauth, env: { GENAUTH_MAX_RPS: '1' } })
    const asked = await Promise.all(
      Array.from({ length: 6 }, (_, index) => read(app, `u${index}`, { [HEADER]: '2000' })),
    )
    for (const answer of asked) expectInTime(answer, 2_000)
    const refused = asked.filter(({ payload }) => payload.__typename === 'MfaRateLimitedError')
    expect(refused.length).toBeGreaterThanOrEqual(3)
    for (const { payload } of refused) expect(payload).toMatchObject({ origin: 'LAYER', retryable: true })
  })
})

it.concurrent('the deadline holds for fifty users together', async ({ expect }) => {
  await using genauth = await startFaultUpstream()
  await using app = await startApp({ upstream: genauth, env: { REQUEST_DEADLINE_MS: '1500' } })
  await read(app, 'first')
  genauth.behave(() => () => {})
  const users = Array.from({ length: 50 }, (_, index) => `{ userId: "u${index}" }`)
  const startedAtMs = performance.now()
  const { data } = await app.graphql(
    `mutation { setUsersMfaStatus(input: { users: [${users}], disable: [SMS] }) {
      ... on SetUsersMfaStatusSuccess { results { payload { __typename ... on MfaUpstreamUnavailableError { outcome } } } } } }`,
  )
  expectInTime({ payload: null, ms: performance.now() - startedAtMs }, 1_500)
  const { results } = data.setUsersMfaStatus
  expect(new Set(results.map(({ payload }: Json) => payload.outcome))).toEqual(new Set(['NOT_APPLIED']))
  expect(genauth.writes).toEqual([])
})

it.concurrent.for<[string, boolean, object, string]>([
  ['success', false, { applied: true }, 'APPLIED'],
  ['doubt', true, { code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN' }, 'UNKNOWN'],
])(
  'a disk that hangs at the outcome keeps nobody from the truth: %s',
  { timeout: 20_000 },
  async ([_what, isSilent, told, outcome], { expect }) => {
    let goOn = () => {}
    const hang = new Promise<void>(resolve => {
      goOn = resolve
    })
    await using genauth = await startFaultUpstream()
    await using app = await startApp({
      upstream: genauth,
      onJournalLines: async lines => {
        if (lines.includes('"kind":"outcome"')) await hang
      },
    })
    await read(app, 'first')
    if (isSilent) {
      genauth.store(() => false)
      genauth.behave(({ endpoint }) => (endpoint === 'set-mfa-status' ? () => {} : null))
    }
    const asked = await set(app, 'u', KNOWN_TOKEN, { [HEADER]: '2000' })
    expect(asked.payload).toMatchObject(told)
    expectInTime(asked, 2_000)

    const ready = async () => (await app.fetch('/ready')).text
    expect(await ready()).toContain('JOURNAL')
    const refused = await app.graphql(
      'mutation { setUserMfaStatus(input: { userId: "v", enable: [EMAIL] }) { __typename } }',
    )
    expect(refused.errors[0]?.extensions.code).toBe('AUDIT_UNAVAILABLE')
    expect((await read(app, 'v')).payload.__typename).toBe('UserMfa')
    expect(genauth.requestsOf('set-mfa-status', 'v')).toEqual([])

    goOn()
    const records = () => app.journal.map(record => record.outcome ?? record.kind)
    await expect.poll(records).toEqual(['opened', 'intent', outcome])
    await expect.poll(ready).not.toContain('JOURNAL')
    genauth.behave(() => null)
    expect((await set(app, 'v', KNOWN_TOKEN)).payload).toMatchObject({ applied: true })
  },
)

it.concurrent('the deadline ends a wait for the journal: nothing is sent, and the intent is concluded when it is there', {
  tags: 'long',
  timeout: 20_000,
}, async ({ expect }) => {
  await using genauth = await startFaultUpstream()
  await using app = await startApp({ upstream: genauth, onJournalLines: () => setTimeout(2_500) })
  const asked = await set(app, 'u', KNOWN_TOKEN, { [HEADER]: '1500' })
  expectInTime(asked, 1_500)
  expect(asked.payload).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED' })
  const records = () => app.journal.map(({ kind, outcome }) => outcome ?? kind)
  await expect.poll(records, { timeout: 10_000 }).toEqual(['opened', 'intent', 'NOT_APPLIED'])
  expect(genauth.requestsOf('set-mfa-status')).toEqual([])
})
