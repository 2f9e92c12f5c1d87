import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { toAuditKeyring } from '../src/journal/audit-key.ts'
import { startApp } from './support/app.ts'
import { type FakeGenAuth, startFakeGenAuth } from './support/fake-genauth.ts'
import { clockAt, createHandClock } from './support/hand-clock.ts'
import { intentOf, openJournal } from './support/journal.ts'

const SET = /* GraphQL */ `
  mutation {
    setUserMfaStatus(input: { userId: "u", factors: [{ type: EMAIL }] }) {
      ... on MfaUpstreamUnavailableError { outcome }
    }
  }
`
const IN_DOUBT = { setUserMfaStatus: { outcome: 'UNKNOWN' } }
const METRICS = { METRICS_PORT: '0', GENAUTH_TIMEOUT_MS: '1000' }

const folder = mkdtempSync(join(tmpdir(), 'follow-up-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readJournal = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

/** A GenAuth that takes a write, says nothing, and carries it out when it is told. */
async function startLateGenAuth(): Promise<{ genauth: FakeGenAuth; carryOut: () => void }> {
  const genauth = await startFakeGenAuth()
  let carryOut = () => {}
  genauth.reply('set-mfa-status', (_response, _request, params) => {
    carryOut = () => {
      genauth.stored = params.mfaTriggerData
    }
  })
  return { genauth, carryOut: () => carryOut() }
}

it('a write that arrives after its answer is found later, on record and counted', async () => {
  const { genauth, carryOut } = await startLateGenAuth()
  await using _genauth = genauth
  const clock = createHandClock(Date.now())
  await using app = await startApp({
    upstream: genauth,
    clock: { ...systemClock, now: clock.now },
    backgroundClock: clock,
    env: METRICS,
  })
  expect((await app.graphql(SET)).data).toEqual(IN_DOUBT)
  expect(await app.metrics()).toMatchObject({ write_follow_ups_pending: 1 })
  genauth.takeCalls()

  await clock.advance(1_000)
  await expect.poll(() => genauth.takeCalls()).toEqual(['get-mfa-status'])
  await expect.poll(() => clock.scheduled).toBe(1)
  expect(app.journal.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'UNKNOWN' })

  carryOut()
  await clock.advance(4_000)
  await expect.poll(() => app.journal.at(-1)).toMatchObject({ kind: 'followUp', look: 2, found: 'INTENDED' })
  expect(app.journal.at(-1).intent).toBe(app.journal.find(({ kind }) => kind === 'intent').id)
  await expect
    .poll(() => app.metrics())
    .toMatchObject({
      'write_follow_ups_total{found="INTENDED"}': 1,
      'write_follow_ups_total{found="BEFORE"}': 0,
      write_follow_ups_pending: 0,
    })
})

it('a write in doubt is followed up by the next process, and a stop does not wait for it', async () => {
  const { genauth, carryOut } = await startLateGenAuth()
  await using _genauth = genauth
  const path = join(folder, 'journal')
  const env = { ...METRICS, AUDIT_LOG: path }
  const clock = createHandClock(Date.now())
  {
    await using app = await startApp({
      upstream: genauth,
      clock: { ...systemClock, now: clock.now },
      backgroundClock: clock,
      env,
    })
    expect((await app.graphql(SET)).data).toEqual(IN_DOUBT)
  }
  expect(clock.scheduled).toBe(0)
  carryOut()
  await using app = await startApp({
    upstream: genauth,
    clock: { ...systemClock, now: clock.now },
    backgroundClock: clock,
    env,
  })
  await clock.advance(1_000)
  await expect
    .poll(() => readJournal(path).at(-1))
    .toMatchObject({ kind: 'followUp', look: 1, found: 'INTENDED' })
  await expect.poll(() => app.metrics()).toMatchObject({ 'write_follow_ups_total{found="INTENDED"}': 1 })
})

it('a crash keeps nobody waiting but changes of the user whose write it cut short', async () => {
  await using genauth = await startFakeGenAuth()
  const path = join(folder, 'crashed')
  const env = { AUDIT_LOG: path, AUDIT_KEY: 'a-key-of-sixteen-or-more', REQUEST_DEADLINE_MS: '2000' }
  const clock = createHandClock(Date.now())
  const keys = toAuditKeyring({ auditKeys: [env.AUDIT_KEY], accessKeySecret: '' })
  const killed = await openJournal(path, { keys, clock: clockAt(clock.now) })
  await killed.begin(intentOf({ given: { userId: 'u', userIdType: 'USER_ID' }, genauthId: 'u' }))
  await killed.close()

  await using app = await startApp({
    upstream: genauth,
    clock: { ...systemClock, now: clock.now },
    backgroundClock: clock,
    env,
  })
  expect((await app.fetch('/ready')).status).toBe(200)
  const others = await app.graphql(SET.replace('"u"', '"v"'))
  expect(others.data.setUserMfaStatus).toEqual({})
  const read = await app.graphql('{ userMfa(userId: "u") { __typename } }')
  expect(read.data.userMfa).toEqual({ __typename: 'UserMfa' })
  const writes = genauth.seenOf('set-mfa-status').length
  const late = await app.graphql(SET)
  expect(late.data.setUserMfaStatus).toEqual({ outcome: 'NOT_APPLIED' })
  expect(genauth.seenOf('set-mfa-status')).toHaveLength(writes)
  expect(readJournal(path).filter(({ recovered }) => recovered)).toEqual([])

  const waiting = app.graphql(SET.replace('EMAIL', 'SMS'))
  await clock.advance(10_000)
  expect((await waiting).data.setUserMfaStatus).toEqual({})
  const [concluded, changed] = readJournal(path).slice(-3)
  expect(concluded).toMatchObject({ kind: 'outcome', outcome: 'UNKNOWN', recovered: true })
  expect(changed).toMatchObject({ kind: 'intent', user: { genauthId: null } })
})
