import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from '../support/app.ts'
import { failing, startFakeGenAuth } from '../support/fake-genauth.ts'
import { expectIndexOf, forget, readStoredRecords } from '../support/history-index.ts'
import { readRecords } from '../support/journal.ts'
import { HAS_POSTGRES, startPostgres } from '../support/postgres.ts'

const ADA = '65a000000000000000000001'
const REASON = 'Lost phone, ticket 4711'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied }
    }
  }
`

const folder = mkdtempSync(join(tmpdir(), 'index-story-'))
afterAll(() => rmSync(folder, { recursive: true }))

let places = 0
/** A journal and a store that no other test has. */
function newPlace() {
  const [log, store] = [join(folder, `audit-${++places}.jsonl`), join(folder, `store-${places}.db`)]
  return { log, store, env: { AUDIT_LOG: log, STORE_URL: `file:${store}`, METRICS_PORT: '0' } }
}

/** Switches a factor off and on again. */
async function setTwice(app: TestApp): Promise<void> {
  for (const change of [{ disable: ['SMS'] }, { enable: ['SMS'] }]) {
    const { data } = await app.graphql(SET, { input: { userId: ADA, reason: REASON, ...change } })
    expect(data.setUserMfaStatus).toEqual({ __typename: 'SetUserMfaStatusSuccess', applied: true })
  }
}

/** Reads the reasons of Ada's history, the newest first. */
async function readReasons(app: TestApp): Promise<(string | null)[]> {
  const query = `{ userMfa(userId: "${ADA}") { ... on UserMfa { history { missing edges { node { source reason } } } } } }`
  const { history } = (await app.graphql(query)).data.userMfa
  expect(history.missing).toEqual([])
  const ours = history.edges.filter(({ node }: Json) => node.source === 'THIS_SERVICE')
  return ours.map(({ node }: Json) => node.reason)
}

/** Waits until the history says that it is, or is not, behind the journal. */
async function untilBehind(app: TestApp, isBehind: 0 | 1): Promise<void> {
  await expect.poll(async () => (await app.metrics())['history_behind'], { timeout: 15_000 }).toBe(isBehind)
}

describe('the index of the changes', () => {
  it('holds each change with its outcome, and the reason only under a seal', async () => {
    const { log, store, env } = newPlace()
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, env })
    genauth.reply('set-mfa-status', failing(422))
    await app.graphql(SET, { input: { userId: ADA, disable: ['SMS'], reason: REASON } })
    genauth.reply('set-mfa-status', failing(500))
    await app.graphql(SET, { input: { userId: ADA, disable: ['SMS'] } })
    await app.close()
    expect(readRecords(log).filter(({ kind }) => kind === 'outcome')).toHaveLength(2)
    await expectIndexOf(env.STORE_URL, readRecords(log))
    expect(readFileSync(store).includes('ticket 4711')).toBe(false)
  })

  it('is made again from the journal with all its segments, and then catches up with the end alone', async () => {
    const { log, store, env } = newPlace()
    {
      await using app = await startApp({ env })
      await setTwice(app)
      await app.beginSegment()
      await setTwice(app)
    }
    await expectIndexOf(env.STORE_URL, readRecords(log))
    rmSync(store)
    const { STORE_URL, ...withoutStore } = env
    {
      await using app = await startApp({ env })
      await untilBehind(app, 0)
      expect(app.log).toContainEqual(
        expect.objectContaining({ msg: 'the history has caught up with the journal', records: 8 }),
      )
    }
    {
      await using app = await startApp({ env: withoutStore })
      await setTwice(app)
    }
    {
      await using app = await startApp({ env })
      await untilBehind(app, 0)
      expect(app.log).toContainEqual(
        expect.objectContaining({ msg: 'the history has caught up with the journal', records: 4 }),
      )
    }
    await expectIndexOf(STORE_URL, readRecords(log))
  })

  it.skipIf(!HAS_POSTGRES)('catches up when its store was lost, and no change waits for that', async () => {
    await using postgres = await startPostgres()
    const { log, env } = newPlace()
    const STORE_URL = await postgres.createDatabase()
    {
      await using app = await startApp({ env: { ...env, STORE_URL } })
      await setTwice(app)
      await untilBehind(app, 0)
      await postgres.kill()
      await setTwice(app)
      await untilBehind(app, 1)
      await setTwice(app)
      await postgres.start()
      await untilBehind(app, 0)
    }
    expect(readRecords(log).filter(({ kind }) => kind === 'outcome')).toHaveLength(6)
    await expectIndexOf(STORE_URL, readRecords(log))
  })

  it('follows the journal in the store, also with what an earlier process left out', async () => {
    const { env } = newPlace()
    const inStore = { ...env, AUDIT_LOG: 'store' }
    {
      await using app = await startApp({ env: inStore })
      await setTwice(app)
      await app.beginSegment()
      await setTwice(app)
    }
    await expectIndexOf(env.STORE_URL, await readStoredRecords(env.STORE_URL))
    await forget(env.STORE_URL)
    {
      await using app = await startApp({ env: inStore })
      await setTwice(app)
      await untilBehind(app, 0)
    }
    const records = await readStoredRecords(env.STORE_URL)
    expect(records.filter(({ kind }) => kind === 'outcome')).toHaveLength(6)
    await expectIndexOf(env.STORE_URL, records)
  })

  it('shows the reasons of before and after a rotation of AUDIT_KEY', async () => {
    const { log, env } = newPlace()
    const keyFile = `${log}.key`
    const [former, next] = ['the first key of this test', 'the second key of this test']
    writeFileSync(keyFile, former)
    await using app = await startApp({ env: { ...env, AUDIT_KEY_FILE: keyFile } })
    const set = (change: object) => app.graphql(SET, { input: { userId: ADA, ...change } })
    await set({ disable: ['SMS'], reason: 'before' })
    // It comes into the index under the former key.
    expect(await readReasons(app)).toEqual(['before'])
    writeFileSync(keyFile, `${next}\n${former}`)
    await app.rereadSecrets()
    await set({ enable: ['SMS'], reason: 'after' })
    expect(await readReasons(app)).toEqual(['after', 'before'])
  })
})
