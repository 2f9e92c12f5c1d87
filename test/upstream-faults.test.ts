import { appendFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { Clock } from '../src/base/clock.ts'
import { ANSWER_FAULTS, envelope, ODD_ANSWERS } from './support/answer-faults.ts'
import { startApp, type TestApp } from './support/app.ts'
import {
  type Asked,
  expectHonest,
  expectInTime,
  KNOWN_TOKEN,
  read,
  set,
  toOutcome,
} from './support/asking.ts'
import { CONNECTION_FAULTS } from './support/connection-faults.ts'
import { type Fault, type FaultUpstream, startFaultUpstream, toEnv } from './support/fault-upstream.ts'
import { createLapsingClock, skipWaits } from './support/hand-clock.ts'

/** Longer than a good answer takes on any machine. What is to time out does so when its story says. */
const ATTEMPT_MS = 10_000
const DEADLINE_MS = 25_000
const ENV = { GENAUTH_TIMEOUT_MS: `${ATTEMPT_MS}`, REQUEST_DEADLINE_MS: `${DEADLINE_MS}` }
/** Where there is no connection, time-outs are those of the operating system's clock. */
const SHORT_DEADLINE_MS = 3_000
const SHORT_ENV = { GENAUTH_TIMEOUT_MS: '700', REQUEST_DEADLINE_MS: `${SHORT_DEADLINE_MS}` }
/** For something of a faulty answer to arrive before its time is over. */
const FAULTY_FOR_MS = 150
const UNAVAILABLE = { __typename: 'MfaUpstreamUnavailableError', code: 'UPSTREAM_UNAVAILABLE' }

/** How a fault looks from here: how often a read is sent. A write is sent once, whatever the fault. */
const READ_ATTEMPTS = { CONNECTION_LOST: 3, TIMED_OUT: 3, NONSENSE: 1, PASSING: 3 }

const KIND_OF: Record<keyof typeof ANSWER_FAULTS, keyof typeof READ_ATTEMPTS> = {
  reset: 'CONNECTION_LOST',
  'closed without a byte': 'CONNECTION_LOST',
  silence: 'TIMED_OUT',
  'headers that drip': 'TIMED_OUT',
  'a body that drips': 'TIMED_OUT',
  'a body that stalls': 'TIMED_OUT',
  'closed in the body': 'CONNECTION_LOST',
  'reset in the body': 'CONNECTION_LOST',
  'chunks without their end': 'CONNECTION_LOST',
  'a chunk cut in two': 'CONNECTION_LOST',
  'a chunk of no length': 'CONNECTION_LOST',
  'a content-length too long': 'TIMED_OUT',
  'a content-length too short': 'NONSENSE',
  'two content-lengths': 'CONNECTION_LOST',
  'a content-length below zero': 'CONNECTION_LOST',
  'both ways to say the length': 'CONNECTION_LOST',
  'no HTTP': 'CONNECTION_LOST',
  'bytes of chance': 'CONNECTION_LOST',
  'headers without end': 'CONNECTION_LOST',
  'a body too large': 'CONNECTION_LOST',
  'a compressed bomb': 'NONSENSE',
  'a good body that claims to be compressed': 'NONSENSE',
  'broken JSON': 'NONSENSE',
  'a page in place of JSON': 'NONSENSE',
  'an empty body': 'NONSENSE',
  'HTTP 204': 'NONSENSE',
  'HTTP 304': 'NONSENSE',
  'HTTP 500 with a page': 'PASSING',
  'HTTP 502 with a page': 'PASSING',
  'HTTP 503 with a page': 'PASSING',
  'HTTP 504 without a body': 'PASSING',
  'HTTP 403 with a page': 'NONSENSE',
  'status 500': 'PASSING',
  'status 503': 'PASSING',
  'status 503 under HTTP 503': 'PASSING',
  'a status that is no number': 'NONSENSE',
  'data of the wrong shape': 'NONSENSE',
  'HTTP 101': 'CONNECTION_LOST',
  'HTTP 100 that nobody asked for': 'CONNECTION_LOST',
  'HTTP 102 for ever': 'TIMED_OUT',
}

/** With a token at hand: on a busy machine the first one may take longer than a call may. */
async function startReadyApp(genauth: FaultUpstream, clock: Clock = skipWaits(900)): Promise<TestApp> {
  const app = await startApp({ upstream: genauth, env: ENV, clock })
  await vi.waitUntil(async () => (await app.fetch('/ready')).status === 200, { timeout: 10_000 })
  return app
}

const ROWS = Object.entries(ANSWER_FAULTS).map(([name, fault]) => {
  const kind = KIND_OF[name as keyof typeof ANSWER_FAULTS]
  return { name, fault: fault as Fault, kind, readAttempts: READ_ATTEMPTS[kind] }
})

/** Where `FAULT_TABLE` names a file, what was seen is written there as the rows of a table. */
function note(name: string, ...cells: [Asked, number][]): void {
  const file = process.env['FAULT_TABLE']
  if (file === undefined) return
  const texts = cells.map(
    ([asked, attempts]) =>
      `${toOutcome(asked) ?? asked.payload.__typename} / ${attempts} / ${Math.round(asked.ms)} ms`,
  )
  appendFileSync(file, `| ${name} | ${texts.join(' | ')} |\n`)
}

describe.concurrent('an upstream whose answer is', () => {
  it.for(ROWS)('$name', async ({ name, fault, kind, readAttempts }) => {
    const { clock, lapse } = createLapsingClock(ATTEMPT_MS)
    await using genauth = await startFaultUpstream()
    await using app = await startReadyApp(genauth, clock)
    const timingOut: Fault = pending => {
      fault(pending)
      setTimeout(lapse, FAULTY_FOR_MS)
    }
    genauth.store(userId => userId !== 'lost')
    genauth.behave(({ endpoint, userId }) => {
      const isFaulty = endpoint === 'set-mfa-status' || ['read', 'blind'].includes(userId)
      const isSent = isFaulty && endpoint !== 'get-management-token'
      return isSent ? (kind === 'TIMED_OUT' ? timingOut : fault) : null
    })
    // One after the other: a time-out is one of all attempts under way.
    const asked = {
      read: await read(app, 'read'),
      stored: await set(app, 'stored'),
      lost: await set(app, 'lost'),
      blind: await set(app, 'blind', KNOWN_TOKEN),
    }

    expect(asked.read.payload).toEqual({ ...UNAVAILABLE, retryable: true, outcome: null })
    expect(asked.stored.payload).toMatchObject({ applied: true, verified: true })
    expect(asked.lost.payload).toMatchObject({ ...UNAVAILABLE, retryable: true, outcome: 'UNKNOWN' })
    expect(asked.blind.payload).toMatchObject({ ...UNAVAILABLE, outcome: 'UNKNOWN', observed: null })
    const reads = genauth.requestsOf('get-mfa-status', 'read').length
    expect(reads).toBe(readAttempts)
    for (const answer of Object.values(asked)) expectInTime(answer, DEADLINE_MS)
    const writes = (['stored', 'lost', 'blind'] as const).map((userId): [Asked, number] => {
      const attempts = genauth.requestsOf('set-mfa-status', userId).length
      expect(attempts).toBe(1)
      expectHonest(asked[userId], userId, genauth)
      return [asked[userId], attempts]
    })
    note(name, [asked.read, reads], ...writes)
  })
})

describe.concurrent('a right answer is taken as one, though it comes with', () => {
  it.for(Object.entries(ODD_ANSWERS))('%s', async ([name, oddity]) => {
    await using genauth = await startFaultUpstream()
    await using app = await startReadyApp(genauth)
    genauth.behave(({ endpoint }) => (endpoint === 'get-management-token' ? null : oddity))
    const asked = { read: await read(app, 'u'), set: await set(app, 'u', KNOWN_TOKEN) }
    expect(asked.read.payload.__typename).toBe('UserMfa')
    expect(asked.set.payload).toMatchObject({ applied: true, verified: false })
    expectHonest(asked.set, 'u', genauth)
    expect(genauth.takeCalls()).toEqual(['get-mfa-status', 'set-mfa-status'])
    note(name, [asked.read, 1], [asked.set, 1])
  })
})

it('a success under HTTP 500 is one for a read, and for a write a doubt that is cleared up', async () => {
  await using genauth = await startFaultUpstream()
  await using app = await startReadyApp(genauth)
  genauth.behave(({ endpoint }) =>
    endpoint === 'get-management-token' ? null : ({ answer }) => answer({ status: '500 Oops' }),
  )
  expect((await read(app, 'u')).payload.__typename).toBe('UserMfa')
  expect(genauth.takeCalls()).toEqual(['get-mfa-status'])
  const asked = await set(app, 'u', {})
  expect(asked.payload).toMatchObject({ applied: true, verified: true })
  expectHonest(asked, 'u', genauth)
})

interface Refusal {
  readonly name: string
  readonly fault: Fault
  /** Of a read, and of a write unless that is in doubt: it is sent once then. */
  readonly attempts: number
  readonly payload: object
  /** The answer does not prove that a write was left alone. */
  readonly leavesDoubt?: true
}

const REFUSED_CREDENTIALS = { ...UNAVAILABLE, retryable: false }
const THROTTLED = { __typename: 'MfaRateLimitedError', origin: 'GENAUTH', retryable: true }
const elsewhere =
  (status: string, location: string): Fault =>
  ({ answer }) =>
    answer({ status, headers: { location }, body: '' })

/** Answers that say no; the upstream keeps to it. */
const REFUSALS: readonly Refusal[] = [
  {
    name: '429 in an envelope',
    fault: ({ answer }) => answer({ body: envelope(429) }),
    attempts: 3,
    payload: { ...THROTTLED, retryAfterMs: null },
  },
  {
    name: 'HTTP 429 with a page, to be asked again at once',
    fault: ({ answer }) => answer({ status: '429 Slow', headers: { 'retry-after': 0 }, body: '<p>' }),
    attempts: 3,
    payload: { ...THROTTLED, retryAfterMs: 0 },
    leavesDoubt: true,
  },
  {
    name: 'a 429 that says to come back after the deadline',
    fault: ({ answer }) => answer({ headers: { 'retry-after': 30 }, body: envelope(429) }),
    attempts: 1,
    payload: { ...THROTTLED, retryAfterMs: 30_000 },
  },
  {
    name: 'a 503 that says to come back after the deadline',
    fault: ({ answer }) => answer({ headers: { 'retry-after': 30 }, body: envelope(503) }),
    attempts: 1,
    payload: { ...UNAVAILABLE, retryable: true },
    leavesDoubt: true,
  },
  {
    name: '401 for any token',
    fault: ({ answer }) => answer({ body: envelope(401) }),
    attempts: 2,
    payload: REFUSED_CREDENTIALS,
  },
  {
    name: 'HTTP 401 with a page',
    fault: ({ answer }) => answer({ status: '401 Who', body: '<p>' }),
    attempts: 2,
    payload: REFUSED_CREDENTIALS,
    leavesDoubt: true,
  },
  {
    name: 'status 422',
    fault: ({ answer }) => answer({ body: envelope(422) }),
    attempts: 1,
    payload: { __typename: 'MfaOperationRefusedError', retryable: false },
  },
]

describe.concurrent('an upstream that refuses with', () => {
  it.for(REFUSALS)('$name', async ({ name, fault, attempts, payload, leavesDoubt = false }) => {
    await using genauth = await startFaultUpstream()
    await using app = await startReadyApp(genauth)
    genauth.store(() => false)
    genauth.behave(({ endpoint }) => (endpoint === 'get-management-token' ? null : fault))
    const asked = await allOf({ read: read(app, 'r'), set: set(app, 'u', KNOWN_TOKEN) })
    for (const answer of Object.values(asked)) expectInTime(answer, DEADLINE_MS)
    expect(asked.read.payload).toMatchObject(payload)
    expect(asked.set.payload).toMatchObject(
      leavesDoubt ? { ...UNAVAILABLE, outcome: 'UNKNOWN', observed: null } : payload,
    )
    expectHonest(asked.set, 'u', genauth)
    const made = (endpoint: string) => genauth.requestsOf(endpoint).length
    expect(genauth.requestsOf('get-mfa-status', 'r')).toHaveLength(attempts)
    expect(made('set-mfa-status')).toBe(leavesDoubt ? 1 : attempts)
    expect(genauth.requestsOf('get-mfa-status', 'u').length > 0).toBe(leavesDoubt)
    note(name, [asked.read, made('get-mfa-status')], [asked.set, made('set-mfa-status')])
  })

  it.for(['302 Found', '307 Temporary Redirect'])('%s gets nothing to follow it', async status => {
    await using other = await startFaultUpstream()
    await using genauth = await startFaultUpstream()
    await using app = await startReadyApp(genauth)
    const fault = elsewhere(status, `${other.url}/api/v3/get-management-token`)
    genauth.store(() => false)
    genauth.behave(({ endpoint }) => (endpoint === 'get-management-token' ? null : fault))
    const asked = await allOf({ read: read(app, 'u'), set: set(app, 'v', KNOWN_TOKEN) })
    for (const { payload } of Object.values(asked)) expect(payload).toMatchObject(UNAVAILABLE)
    genauth.behave(() => fault)
    genauth.revokeTokens()
    await read(app, 'u')
    expect(other.connections()).toBe(0)
    note(`HTTP ${status}`, [asked.read, 1], [asked.set, 1])
  })
})

describe.concurrent('where there is no connection', () => {
  const HOPELESS = ['plain HTTP in place of TLS', 'a certificate of an unknown authority']

  it.for(Object.entries(CONNECTION_FAULTS))(
    'for %s, nothing was sent, and a write knows it',
    async ([name, start]) => {
      await using nowhere = await start()
      await using nobody = await startFaultUpstream()
      await using app = await startApp({
        upstream: nobody,
        env: { ...SHORT_ENV, ...toEnv(nowhere.url), GENAUTH_AUTH: 'signature' },
      })
      const attemptsAt = (endpoint: string) =>
        app.log.filter(line => line.msg === 'upstream' && line.endpoint === endpoint).length
      const retryable = !HOPELESS.includes(name)
      const asked = { read: await read(app, 'u'), set: await set(app, 'u', KNOWN_TOKEN) }
      expect(asked.read.payload).toEqual({ ...UNAVAILABLE, retryable, outcome: null })
      expect(asked.set.payload).toMatchObject({ ...UNAVAILABLE, retryable, outcome: 'NOT_APPLIED' })
      const attempts: [number, number] = [attemptsAt('get-mfa-status'), attemptsAt('set-mfa-status')]
      // Where each attempt takes its whole time, the deadline of a write leaves none for a third.
      if (retryable) expect(Math.min(...attempts)).toBeGreaterThanOrEqual(2)
      else expect(attempts).toEqual([1, 1])
      expect(Math.max(...attempts)).toBeLessThanOrEqual(3)
      for (const answer of Object.values(asked)) expectInTime(answer, SHORT_DEADLINE_MS)
      note(name, [asked.read, attempts[0]], [asked.set, attempts[1]])
    },
  )
})

async function allOf<K extends string>(asked: Record<K, Promise<Asked>>): Promise<Record<K, Asked>> {
  const entries: [string, Promise<Asked>][] = Object.entries(asked)
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, answer]) => [name, await answer])),
  ) as Record<K, Asked>
}
