import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { type FakeGenAuth, startFakeGenAuth } from './support/fake-genauth.ts'
import { createHandClock } from './support/hand-clock.ts'

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
  await using app = await startApp({ upstream: genauth, ...clock, env: METRICS })
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
    await using app = await startApp({ upstream: genauth, ...clock, env })
    expect((await app.graphql(SET)).data).toEqual(IN_DOUBT)
  }
  expect(clock.scheduled).toBe(0)
  carryOut()
  await using app = await startApp({ upstream: genauth, ...clock, env })
  await clock.advance(1_000)
  await expect
    .poll(() =>
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
        .at(-1),
    )
    .toMatchObject({ kind: 'followUp', look: 1, found: 'INTENDED' })
  await expect.poll(() => app.metrics()).toMatchObject({ 'write_follow_ups_total{found="INTENDED"}': 1 })
})
