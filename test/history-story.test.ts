import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Json, type StartAppOptions, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'
import { HAS_POSTGRES, startPostgres } from './support/postgres.ts'

const ADA = '65a000000000000000000001'
const GRACE = '65a000000000000000000002'
const LOG = 'get-user-action-logs'

const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) { __typename ... on SetUserMfaStatusSuccess { changed } }
  }
`
const HISTORY = /* GraphQL */ `
  query ($userId: String!, $first: Int! = 20, $after: String) {
    userMfa(userId: $userId) {
      ... on UserMfa {
        history(first: $first, after: $after) {
          edges {
            node {
              id at source kind actor { subject client } reason outcome followUp
              changes { code before { enabled } after { enabled } }
              changedFields applicationId country revertOf revertible requestId
            }
          }
          pageInfo { hasNextPage endCursor }
          missing
        }
      }
    }
  }
`

const folder = mkdtempSync(join(tmpdir(), 'history-story-'))
afterAll(() => rmSync(folder, { recursive: true }))

let stores = 0
function startWithStore(options: StartAppOptions = {}): Promise<TestApp> {
  stores += 1
  const env = { STORE_URL: `file:${join(folder, `${stores}.db`)}`, ...options.env }
  return startApp({ ...options, env })
}

async function set(app: TestApp, input: object, type = 'SetUserMfaStatusSuccess'): Promise<void> {
  const { data, errors } = await app.graphql(SET, { input: { userId: ADA, ...input } })
  expect(errors).toEqual([])
  expect(data.setUserMfaStatus.__typename).toBe(type)
}

async function history(app: TestApp, userId = ADA, more: object = {}): Promise<Json> {
  const { data, errors } = await app.graphql(HISTORY, { userId, ...more })
  expect(errors).toEqual([])
  return data.userMfa.history
}

const nodesOf = ({ edges }: Json): Json[] => edges.map(({ node }: Json) => node)
const kindsOf = (page: Json) => nodesOf(page).map(({ kind }) => kind)

describe('a change of this server', () => {
  it('is in the history: who, why, what, and how it ended', async () => {
    await using app = await startWithStore({ claims: { sub: 'agent-7', client_id: 'console' } })
    const input = { userId: ADA, disable: ['SMS'], reason: 'Lost phone, ticket 4711' }
    await app.graphql(SET, { input }, { 'x-request-id': 'request-1' })
    const page = await history(app)
    expect(page.missing).toEqual([])
    expect(kindsOf(page)).toEqual(['SET', 'VERIFIED', 'VERIFICATION_FAILED', 'BOUND'])
    const [intent] = app.journal.filter(({ kind }) => kind === 'intent')
    expect(nodesOf(page)[0]).toEqual({
      id: intent.id,
      at: intent.time,
      source: 'THIS_SERVICE',
      kind: 'SET',
      actor: { subject: 'agent-7', client: 'console' },
      reason: 'Lost phone, ticket 4711',
      outcome: 'APPLIED',
      followUp: null,
      changes: [{ code: 'SMS', before: { enabled: true }, after: { enabled: false } }],
      changedFields: [],
      applicationId: null,
      country: null,
      revertOf: null,
      revertible: true,
      requestId: 'request-1',
    })
    expect(nodesOf(await history(app, GRACE)).filter(({ source }) => source === 'THIS_SERVICE')).toEqual([])
  })

  it('names contacts by their fields alone, cannot be taken back then, and stands beside GenAuth’s entry', async () => {
    // Every response and log line of this test is watched for the address.
    await using app = await startWithStore()
    await set(app, { triggerData: { mfaEmail: CANARY.email } })
    const page = await history(app)
    expect(kindsOf(page).slice(0, 2).toSorted()).toEqual(['BOUND', 'SET'])
    expect(nodesOf(page).find(({ kind }) => kind === 'SET')).toMatchObject({
      changes: [],
      changedFields: ['mfaEmail'],
      revertible: false,
    })
  })

  it('that changed nothing, was tried out or was refused is not', async () => {
    await using app = await startWithStore()
    await set(app, { enable: ['SMS'] })
    await set(app, { disable: ['SMS'], dryRun: true }, 'SetUserMfaStatusPreview')
    await set(app, { disable: ['SMS', 'OTP'] }, 'MfaPolicyViolationError')
    expect(kindsOf(await history(app))).not.toContain('SET')
  })

  it.each([
    ['NOT_APPLIED', failing(422)],
    ['UNKNOWN', failing(500)],
  ])('that ended %s says so, and cannot be taken back', async (outcome, reply) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('set-mfa-status', reply)
    genauth.reply(LOG, ok({ totalCount: 0, list: [] }))
    await using app = await startWithStore({ upstream: genauth, clock: skipWaits(900) })
    await app.graphql(SET, { input: { userId: 'u', disable: ['SMS'] } })
    const page = await history(app, 'u')
    expect(nodesOf(page)).toMatchObject([{ kind: 'SET', outcome, revertible: false }])
    expect(page.missing).toEqual([])
  })

  it('is on one of the pages, while more changes are made', async () => {
    await using app = await startWithStore()
    const toggle = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        await set(app, { [index % 2 === 0 ? 'disable' : 'enable']: ['SMS'] })
      }
    }
    await toggle(8)
    const before = nodesOf(await history(app, ADA, { first: 50 })).map(({ id }) => id)
    expect(before).toHaveLength(11)
    const seen: string[] = []
    let after: string | null = null
    for (let page = 0; page < 4; page += 1) {
      const read = await history(app, ADA, { first: 3, after })
      seen.push(...nodesOf(read).map(({ id }) => id))
      expect(read.pageInfo.hasNextPage).toBe(page < 3)
      after = read.pageInfo.endCursor
      await toggle(2)
    }
    expect(seen).toEqual(before)
  })
})

describe('a history without the store', () => {
  it.each([
    ['there is none', {}],
    ['it cannot be used', { STORE_URL: 'file:/no-such-folder/store.db' }],
  ])('names this server as missing, and shows GenAuth’s entries, if %s', async (_what, env) => {
    await using app = await startApp({ env })
    await set(app, { disable: ['SMS'] })
    const page = await history(app)
    expect(page.missing).toEqual(['THIS_SERVICE'])
    expect(kindsOf(page)).toEqual(['VERIFIED', 'VERIFICATION_FAILED', 'BOUND'])
  })
})

describe.runIf(HAS_POSTGRES)('while PostgreSQL is lost', { tags: 'long' }, () => {
  it('a change is told truly, the history names this server as missing, and has the change afterwards', async () => {
    await using postgres = await startPostgres()
    await using app = await startApp({ env: { STORE_URL: await postgres.createDatabase() } })
    await set(app, { disable: ['SMS'] })
    expect(await history(app)).toMatchObject({ missing: [], edges: { length: 4 } })

    await postgres.kill()
    await set(app, { enable: ['SMS'] })
    const lost = await history(app)
    expect(lost.missing).toEqual(['THIS_SERVICE'])
    expect(kindsOf(lost)).toEqual(['VERIFIED', 'VERIFICATION_FAILED', 'BOUND'])

    await postgres.start()
    await expect.poll(async () => (await history(app)).missing, { timeout: 20_000 }).toEqual([])
    expect(nodesOf(await history(app)).slice(0, 2)).toMatchObject([
      { kind: 'SET', outcome: 'APPLIED', changes: [{ after: { enabled: true } }] },
      { kind: 'SET', outcome: 'APPLIED', changes: [{ after: { enabled: false } }] },
    ])
  }, 60_000)
})

it('nothing of GenAuth’s log gets into the store or the journal', async () => {
  await using genauth = await startFakeGenAuth()
  const row = {
    userId: 'u',
    eventType: 'bindMfa',
    success: true,
    timestamp: '2026-11-26T20:00:00.000+0800',
    clientIp: '203.0.113.77',
    userAgent: 'canary-agent',
    eventDetail: CANARY.email,
    geoip: { country_code2: 'CN', city_name: 'canary-city' },
    requestId: 'canary-request',
  }
  genauth.reply(LOG, (response, _request, { eventType }) => {
    const list = eventType === 'bindMfa' ? [row] : []
    const body = { statusCode: 200, data: { totalCount: list.length, list } }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  await using app = await startWithStore({ upstream: genauth })
  await app.graphql(SET, { input: { userId: 'u', disable: ['SMS'], reason: 'canary-reason' } })
  expect(kindsOf(await history(app, 'u')).toSorted()).toEqual(['BOUND', 'SET'])
  await app.close()
  const kept = readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1'))
  const said = JSON.stringify([app.log, app.journal])
  for (const value of ['203.0.113.77', 'canary-agent', 'canary-city', 'canary-request', CANARY.email]) {
    expect(
      [...kept, said].filter(text => text.includes(value)),
      value,
    ).toEqual([])
  }
  // The reason is there for those who have the key.
  expect(kept.filter(text => text.includes('canary-reason'))).toEqual([])
})
