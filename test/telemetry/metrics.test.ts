import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type StartAppOptions, startApp, type TestApp } from '../support/app.ts'
import { CANARY } from '../support/canaries.ts'
import { failing, startFakeGenAuth } from '../support/fake-genauth.ts'
import { skipWaits } from '../support/hand-clock.ts'
import { startProgram } from '../support/program.ts'

const ADA = '65a000000000000000000001'
const READ = `{ userMfa(userId: "${ADA}") { __typename } }`
const SET = `mutation { setUserMfaStatus(input: { userId: "${ADA}", disable: [SMS] }) { __typename } }`
const CHOSEN_NAME = 'ChosenByTheCaller'

const startMeasured = (options: StartAppOptions = {}) =>
  startApp({ ...options, env: { METRICS_PORT: '0', ...options.env } })

/** The series that begin so and are not zero. */
async function nonZero(app: TestApp, prefix: string): Promise<Record<string, number>> {
  const series = Object.entries(await app.metrics())
  return Object.fromEntries(series.filter(([name, value]) => name.startsWith(prefix) && value !== 0))
}

describe('root fields', () => {
  it.each([
    ['userMfa', 'UserMfa', READ],
    [
      'userMfa',
      'UserMfa',
      `query ${CHOSEN_NAME} { ${CHOSEN_NAME}: userMfa(userId: "${ADA}") { ...${CHOSEN_NAME} } } fragment ${CHOSEN_NAME} on UserMfa { posture }`,
    ],
    ['userMfa', 'MfaUserNotFoundError', '{ userMfa(userId: "nobody") { ... on UserMfa { posture } } }'],
    ['userMfa', 'MfaInvalidInputError', '{ userMfa(userId: " ") { ... on UserMfa { posture } } }'],
    [
      'usersMfa',
      'UsersMfaSuccess',
      `{ usersMfa(users: [{ userId: "${ADA}" }]) { ... on MfaError { code } } }`,
    ],
    ['setUserMfaStatus', 'SetUserMfaStatusSuccess', SET],
    [
      'setUserMfaStatus',
      'MfaPolicyViolationError',
      `mutation { setUserMfaStatus(input: { userId: "${ADA}", disable: [SMS, OTP, EMAIL, FACE] }) { ... on MfaInvalidInputError { message } } }`,
    ],
    [
      'setUsersMfaStatus',
      'MfaInvalidInputError',
      'mutation { setUsersMfaStatus(input: { users: [], disable: [SMS] }) { ... on MfaError { code } } }',
    ],
    [
      '_entities',
      'OK',
      `{ _entities(representations: [{ __typename: "User", id: "${ADA}" }]) { ... on User { id } } }`,
    ],
    ['_service', 'OK', '{ _service { sdl } }'],
  ])('are counted as %s with %s: %s', async (field, outcome, document) => {
    await using app = await startMeasured()
    expect((await app.graphql(document)).errors).toEqual([])
    expect(await nonZero(app, 'operations_total')).toEqual({
      [`operations_total{field="${field}",outcome="${outcome}"}`]: 1,
    })
  })

  it('are counted one by one, a refused one by its code', async () => {
    await using app = await startMeasured({ claims: { scope: 'mfa:read' } })
    await app.graphql(
      `{ a: userMfa(userId: "${ADA}") { __typename } b: userMfa(userId: "x") { __typename } }`,
    )
    await app.graphql(SET)
    expect(await nonZero(app, 'operations_total')).toEqual({
      'operations_total{field="userMfa",outcome="UserMfa"}': 1,
      'operations_total{field="userMfa",outcome="MfaUserNotFoundError"}': 1,
      'operations_total{field="setUserMfaStatus",outcome="FORBIDDEN"}': 1,
    })
    expect(await nonZero(app, 'errors_total')).toEqual({ 'errors_total{code="FORBIDDEN",status="200"}': 1 })
  })
})

describe('requests', () => {
  it('are counted by status and code where they are refused, and timed where they are executed', async () => {
    await using app = await startMeasured()
    await app.graphql(READ)
    await app.graphql('{ nothing }')
    await app.fetch('/graphql', { method: 'PUT' })
    await app.fetch('/graphql', { method: 'POST', headers: { authorization: 'Bearer x' } })
    await app.fetch('/health')
    await expect
      .poll(() => nonZero(app, 'responses_total'))
      .toEqual({
        'responses_total{status="200"}': 1,
        'responses_total{status="400"}': 1,
        'responses_total{status="401"}': 1,
        'responses_total{status="405"}': 1,
      })
    expect(await nonZero(app, 'errors_total')).toEqual({
      'errors_total{code="GRAPHQL_VALIDATION_FAILED",status="400"}': 1,
      'errors_total{code="UNAUTHENTICATED",status="401"}': 1,
      'errors_total{code="METHOD_NOT_ALLOWED",status="405"}': 1,
    })
    expect(await nonZero(app, 'operation_duration_seconds_count')).toEqual({
      'operation_duration_seconds_count{operation="query"}': 1,
    })
  })

  it('of clients that leave are counted as gone, and seen while they are under way', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-mfa-status', () => {})
    await using app = await startMeasured({ upstream: genauth })
    const leaving = new AbortController()
    const left = app.fetch(`/graphql?query=${encodeURIComponent(READ)}`, { signal: leaving.signal })
    await expect.poll(async () => (await app.metrics())['upstream_in_flight{kind="READ"}']).toBe(1)
    expect(await app.metrics()).toMatchObject({ requests_under_way: 1, requests_in_flight: 1 })
    leaving.abort()
    await expect(left).rejects.toThrow()
    await expect.poll(() => nonZero(app, 'responses_total')).toEqual({ 'responses_total{status="gone"}': 1 })
    await genauth[Symbol.asyncDispose]()
  })

  it('that are shed are counted, and /ready says why not', async () => {
    const eventLoopLag = { delayMs: 0, close() {} }
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-mfa-status', () => {})
    // A read that timed out on a busy machine would be sent a second time.
    const env = { GENAUTH_TIMEOUT_MS: '60000', REQUEST_DEADLINE_MS: '60000' }
    await using app = await startMeasured({ upstream: genauth, eventLoopLag, env })
    for (let n = 0; n < 40; n++) app.graphql(READ.replace(ADA, `${n}`)).catch(() => {})
    await expect.poll(() => genauth.seenOf('get-mfa-status').length).toBe(40)
    eventLoopLag.delayMs = 250
    expect((await app.graphql(READ)).status).toBe(503)
    expect(await app.metrics()).toMatchObject({
      'errors_total{code="OVERLOADED",status="503"}': 1,
      event_loop_delay_seconds: 0.25,
      'not_ready{reason="OVERLOADED"}': 0,
    })
    await genauth[Symbol.asyncDispose]()
  })
})

describe('calls to GenAuth', () => {
  it('are counted and timed by endpoint and outcome, the renewal of the token among them', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startMeasured({ upstream: genauth })
    await app.graphql(SET)
    genauth.reply('get-mfa-status', failing(404))
    await app.graphql(READ)
    genauth.reply('get-mfa-status', failing(401))
    await app.graphql(READ)
    const count = (endpoint: string, outcome: string) =>
      `upstream_request_duration_seconds_count{endpoint="${endpoint}",outcome="${outcome}"}`
    expect(await nonZero(app, 'upstream_request_duration_seconds_count')).toEqual({
      [count('get-management-token', 'OK')]: 2,
      // The read before the write, and the one after it, since it weakens.
      [count('get-mfa-status', 'OK')]: 2,
      [count('set-mfa-status', 'OK')]: 1,
      [count('get-mfa-status', 'USER_NOT_FOUND')]: 1,
      [count('get-mfa-status', 'REFUSED_CREDENTIALS')]: 2,
    })
  })

  it('that find the breaker open are not sent, and counted as such', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-mfa-status', failing(503))
    await using app = await startMeasured({ upstream: genauth, clock: skipWaits(900) })
    for (let n = 0; n < 40; n++) await app.graphql(READ.replace(ADA, `user-${n}`))
    const metrics = await app.metrics()
    expect(metrics).toMatchObject({
      'breaker_open{kind="READ"}': 1,
      'breaker_open{kind="WRITE"}': 0,
      'breaker_opened_total{kind="READ"}': 1,
    })
    const sent =
      metrics['upstream_request_duration_seconds_count{endpoint="get-mfa-status",outcome="FAULTY_ANSWER"}']
    expect(sent).toBe(genauth.seenOf('get-mfa-status').length)
    expect(metrics['upstream_not_sent_total{reason="BREAKER_OPEN"}']).toBeGreaterThan(0)
  })

  it('that wait for their turn are seen, and counted where they get none', async () => {
    await using app = await startMeasured({ env: { GENAUTH_MAX_RPS: '1', REQUEST_DEADLINE_MS: '1500' } })
    const answers = Array.from({ length: 6 }, (_, n) => app.graphql(READ.replace(ADA, `${n}`)))
    await expect.poll(async () => (await app.metrics())['upstream_waiting']).toBeGreaterThan(0)
    expect(await app.metrics()).toMatchObject({ upstream_budget_requests_per_second: 1 })
    await Promise.all(answers)
    expect((await app.metrics())['upstream_not_sent_total{reason="NO_TURN"}']).toBeGreaterThan(0)
  })
})

it('the limits of callers are counted by limit, never by caller', async () => {
  const env = { RATE_LIMITS: 'reads=2,writes=1,weakenings=1,misses=1' }
  await using app = await startMeasured({ env })
  for (let n = 0; n < 3; n++) await app.graphql(READ)
  for (let n = 0; n < 2; n++) await app.graphql(SET)
  expect(await nonZero(app, 'limited_total')).toEqual({
    'limited_total{limit="reads"}': 1,
    'limited_total{limit="writes"}': 1,
  })
})

describe('the journal', () => {
  it('shows a write without an outcome, how old it is, and what became of it', async () => {
    let record = () => {}
    const recorded = new Promise<void>(resolve => {
      record = resolve
    })
    const onJournalLines = async (lines: string) => {
      if (lines.includes('"kind":"outcome"')) await recorded
    }
    await using app = await startMeasured({ onJournalLines })
    const answer = app.graphql(SET)
    await expect.poll(async () => (await app.metrics())['journal_open_intents']).toBe(1)
    expect((await app.metrics())['journal_oldest_open_intent_seconds']).toBeGreaterThan(0)
    record()
    await answer
    const metrics = await app.metrics()
    expect(metrics).toMatchObject({
      journal_open_intents: 0,
      journal_oldest_open_intent_seconds: 0,
      journal_commit_duration_seconds_count: 1,
      'writes_total{outcome="APPLIED"}': 1,
      'writes_total{outcome="UNKNOWN"}': 0,
    })
    expect(Date.now() / 1_000 - (metrics['journal_last_commit_timestamp_seconds'] ?? 0)).toBeLessThan(60)
  })

  it('that cannot be written is counted and a reason not to be ready', async () => {
    const onJournalLines = async (lines: string) => {
      if (lines.includes('"kind":"intent"')) throw new Error('no space left')
    }
    await using app = await startMeasured({ onJournalLines })
    await app.graphql(SET)
    expect(await app.metrics()).toMatchObject({
      journal_failures_total: 1,
      'not_ready{reason="JOURNAL"}': 1,
      'operations_total{field="setUserMfaStatus",outcome="AUDIT_UNAVAILABLE"}': 1,
      'errors_total{code="AUDIT_UNAVAILABLE",status="503"}': 1,
    })
  })
})

it('nothing that a caller chose is in the metrics: no name, no value, no document', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startMeasured({ upstream: genauth })
  const document = `mutation ${CHOSEN_NAME}($i: SetUserMfaStatusInput!) { ${CHOSEN_NAME}: setUserMfaStatus(input: $i) { __typename } }`
  const triggerData = { mfaToken: CANARY.mfaToken, mfaPhone: CANARY.phone, mfaEmail: CANARY.email }
  const input = { userId: 'chosen-user', factors: [{ type: 'SMS' }], triggerData, reason: 'chosen-reason' }
  await app.graphql(document, { i: input }, { 'x-request-id': 'chosen-id' })
  await app.graphql(`{ ${CHOSEN_NAME} }`)
  const text = await (await fetch(app.metricsUrl ?? '')).text()
  expect(text).toContain('field="setUserMfaStatus",outcome="SetUserMfaStatusSuccess"')
  expect(text).not.toMatch(/chosen/i)
})

describe('the port of the metrics', () => {
  it('has GET /metrics with the version and what Node tells of itself, and nothing else', async () => {
    await using app = await startMeasured()
    const url = app.metricsUrl ?? ''
    const text = await (await fetch(url)).text()
    expect(text).toMatch(/^genauth_graphql_build_info\{version="\d+\.\d+\.\d+"\} 1$/m)
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds']) {
      expect(text).toMatch(new RegExp(`^${name} `, 'm'))
    }
    const names = [...text.matchAll(/^# TYPE (genauth_\S+)/gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(20)
    for (const name of names) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*\\.$`, 'm'))
    }
    for (const [method, path, status, code] of [
      ['GET', '/', 404, 'NOT_FOUND'],
      ['POST', '/graphql', 404, 'NOT_FOUND'],
      ['POST', '/metrics', 405, 'METHOD_NOT_ALLOWED'],
    ] as const) {
      const answer = await fetch(new URL(path, url), { method })
      expect([answer.status, (await answer.json()).errors[0].extensions.code]).toEqual([status, code])
    }
    for (const path of ['/metrics/', '/metrics?x=1', '/metri%63s']) {
      expect(await (await fetch(new URL(path, url))).text()).toContain('genauth_graphql_build_info')
      expect((await fetch(new URL(path, url), { method: 'HEAD' })).status).toBe(200)
    }
    expect((await app.fetch('/metrics')).status).toBe(404)
  })

  it('is refused at the start by its name where another process has it, or its address is another machine', async () => {
    await using other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const env = { PORT: '0', SANDBOX_PORT: '0' }
    await using taken = startProgram([], { ...env, METRICS_PORT: `${port}` })
    await using elsewhere = startProgram([], { ...env, METRICS_PORT: '0', METRICS_HOST: '192.0.2.1' })
    expect(await taken.exitCode()).toBe(1)
    expect(taken.stderr()).toContain('METRICS_PORT: is in use by another process')
    expect(await elsewhere.exitCode()).toBe(1)
    expect(elsewhere.stderr()).toMatch(/METRICS_HOST.*EADDRNOTAVAIL/)
    expect(elsewhere.stderr()).not.toContain('192.0.2.1')
  })
})
