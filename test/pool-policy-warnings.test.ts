import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { createDeadline } from '../src/base/deadline.ts'
import { createCountUnboundUsers } from '../src/coverage/count-unbound-users.ts'
import type { CoverageRow } from '../src/coverage/coverage-row.ts'
import type { Population } from '../src/coverage/population.ts'
import type { NewScan, ScanEnd, ScanStore } from '../src/coverage/scan-store.ts'
import { countInTime } from '../src/policy/unbound-users.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { startCoverageApp } from './support/coverage-app.ts'
import { createClockAhead, createHandClock } from './support/hand-clock.ts'
import { type PoolGenAuth, startPoolGenAuth } from './support/pool-genauth.ts'
import { HAS_POSTGRES, startPostgres } from './support/postgres.ts'
import { begin, EVERYBODY, NOT_BOUND, toPage, toRow, WHOLE } from './support/scans.ts'
import { openStore, toTarget, useStores } from './support/stores.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const MINUTE_MS = 60_000
const SET = `mutation ($input: SetMfaPoolPolicyInput!) { setMfaPoolPolicy(input: $input) {
  __typename
  ... on SetMfaPoolPolicySuccess { applied warnings { code message users } }
  ... on SetMfaPoolPolicyPreview { warnings { code message users } }
} }`
const ALWAYS = { code: 'IDENTITY_SOURCES_NOT_SHOWN', users: null }
const CODE = 'USERS_WITHOUT_BOUND_FACTOR'

let genauth: PoolGenAuth
beforeAll(async () => {
  genauth = await startPoolGenAuth()
})
afterAll(() => genauth[Symbol.asyncDispose]())
beforeEach(() => genauth.begin(['SMS', 'EMAIL']))

async function set(app: TestApp, input: Json): Promise<Json> {
  const { data, errors } = await app.graphql(SET, { input })
  expect(errors).toEqual([])
  return data.setMfaPoolPolicy
}

const preview = (app: TestApp) => set(app, { enabledFactors: ['OTP'], dryRun: true })

const BOUND = { ...NOT_BOUND, OTP: true }
/** Two users without a bound factor, and one who is suspended. */
const ROWS: readonly CoverageRow[] = [
  toRow('u1'),
  toRow('u2'),
  toRow('u3', { bindings: BOUND }),
  toRow('u4', { status: 'SUSPENDED' }),
]

interface StoredScan extends Partial<NewScan> {
  readonly rows?: readonly CoverageRow[]
  readonly end?: Partial<ScanEnd> | null
}

async function store(scans: ScanStore, { rows = ROWS, end = {}, ...wish }: StoredScan): Promise<void> {
  const claim = await begin(scans, wish)
  await scans.storePage(claim, toPage(rows))
  if (end === null) await scans.pause(claim)
  else await scans.end(claim, { ...WHOLE, atMs: Date.now() - MINUTE_MS, ...end } as ScanEnd)
}

const of = (population: Partial<Population>): StoredScan => ({ population: { ...EVERYBODY, ...population } })

const { newPath } = await useStores()

describe('the warning about users without a bound factor', () => {
  it('stands with the number at a change of the pool and its preview, for no call, until the scan is seven days old', async () => {
    const { clock, forward } = createClockAhead(systemClock)
    const endedAtMs = Date.now() - MINUTE_MS
    const claims = { exp: Math.floor((Date.now() + 9 * DAY_MS) / 1_000) }
    await using app = await startCoverageApp({ upstream: genauth, clock, claims }, scans =>
      store(scans, { end: { atMs: endedAtMs, poolFactors: ['SMS', 'EMAIL'] } }),
    )
    const day = new Date(endedAtMs).toISOString().slice(0, 10)
    const message = `2 activated users have bound no factor, by the scan that ended on ${day} (UTC).`
    const warnings = [{ code: CODE, message, users: 2 }, expect.objectContaining(ALWAYS)]
    expect(await preview(app)).toEqual({ __typename: 'SetMfaPoolPolicyPreview', warnings })
    expect(app.takeCalls()).toEqual(['get-global-mfa-settings'])
    expect(await set(app, { enabledFactors: ['OTP'] })).toMatchObject({ applied: true, warnings })
    expect(app.takeCalls()).toHaveLength(5)
    expect(await set(app, { enabledFactors: ['OTP'] })).toMatchObject({ applied: false, warnings })
    const none = await set(app, { enabledFactors: [], allowNoFactor: true, dryRun: true })
    expect(none.warnings.map(({ code }: Json) => code)).toEqual([
      'NO_POOL_FACTOR',
      CODE,
      'IDENTITY_SOURCES_NOT_SHOWN',
    ])
    const { data } = await app.graphql(`{ mfaCoverage { ... on MfaCoverage {
      summary { users withoutBoundFactor poolFactors } } } }`)
    // The summary counts all users of the scan.
    expect(data.mfaCoverage.summary).toEqual({
      users: 4,
      withoutBoundFactor: 3,
      poolFactors: ['SMS', 'EMAIL'],
    })
    forward(7 * DAY_MS - 2 * MINUTE_MS)
    expect(await preview(app)).toMatchObject({ warnings })
    forward(2 * MINUTE_MS)
    expect(await preview(app)).toMatchObject({ warnings: [ALWAYS] })
  })

  const FULL: StoredScan = { depth: 'FULL', rows: [toRow('u9')] }
  it.each<[what: string, scans: readonly StoredScan[], users: number | null]>([
    ['no scan', [], null],
    ['a scan of everybody', [{}], 2],
    ['two scans, of which the newest counts', [{}, FULL], 1],
    ['a scan of all states of an account', [of({ statuses: ['SUSPENDED', 'ACTIVATED'] })], 2],
    ['a whole scan, and a newer one that is not', [FULL, { end: { isWhole: false } }], 1],
    ['a whole scan, and a newer one that goes on', [FULL, { end: null }], 1],
    ['a whole scan, and a newer one of a group', [FULL, of({ groups: ['g'] })], 1],
    ['a scan in which each user has a bound factor', [{ rows: [toRow('u1', { bindings: BOUND })] }], 0],
    ['a scan of users about whom GenAuth does not say', [{ rows: [toRow('u1', { bindings: null })] }], 0],
    ['a scan that missed somebody', [{ end: { isWhole: false } }], null],
    ['a scan that failed', [{ end: { status: 'FAILED', failure: 'PLAN_REQUIRED' } }], null],
    ['a scan that reads no bindings', [{ depth: 'ACTIVITY' }], null],
    ['a scan of suspended users', [of({ statuses: ['SUSPENDED'] })], null],
    [
      'a scan of a department',
      [of({ departments: [{ organizationCode: 'o', departmentId: 'root', includesChildren: true }] })],
      null,
    ],
    ['a scan of an application', [of({ signedInTo: ['a'] })], null],
    ['a scan of those who came lately', [of({ lastSignInAfterMs: 1 })], null],
    ['a scan of those who stay away', [of({ lastSignInBeforeMs: 1 })], null],
    ['a scan with an exception', [of({ exceptUserIds: ['u1'] })], null],
    ['a scan with an excepted group', [of({ exceptGroups: ['g'] })], null],
    ['a scan that is eight days old', [{ end: { atMs: Date.now() - 8 * DAY_MS } }], null],
  ])('with %s', async (_what, stored, users) => {
    await using opened = await openStore({ kind: 'file', path: newPath() })
    const { scans } = opened.store
    for (const scan of stored) await store(scans, scan)
    const counted = await createCountUnboundUsers({ store: scans, clock: systemClock })()
    expect(counted?.users ?? null).toBe(users)
  })

  it('is left out where the store cannot be used, and the change is made', async () => {
    await using app = await startApp({
      upstream: genauth,
      env: { STORE_URL: 'file:/nowhere/at/all/store.db' },
    })
    expect(await set(app, { enabledFactors: ['OTP'] })).toMatchObject({ applied: true, warnings: [ALWAYS] })
    expect(genauth.factors()).toEqual(['OTP'])
  })

  it('waits a quarter of a second for the store, and never beyond the deadline of the request', async () => {
    for (const [remainingMs, waitedMs] of [
      [5_000, 250],
      [100, 100],
      [-1, 1],
    ] as const) {
      const clock = createHandClock()
      let counted: unknown = 'NOT_YET'
      void countInTime(() => new Promise(() => {}), createDeadline(remainingMs, clock)).then(value => {
        counted = value
      })
      if (waitedMs > 1) {
        await clock.advance(waitedMs - 1)
        expect(counted).toBe('NOT_YET')
      }
      await clock.advance(1)
      expect([counted, clock.scheduled]).toEqual([null, 0])
    }
  })
})

describe.runIf(HAS_POSTGRES)('while PostgreSQL is silent', { tags: 'long' }, () => {
  it('the change is made, and has its other warnings', { timeout: 60_000 }, async () => {
    await using server = await startPostgres()
    const url = await server.createDatabase()
    {
      await using opened = await openStore(toTarget(url))
      await store(opened.store.scans, {})
    }
    await using app = await startApp({ upstream: genauth, env: { STORE_URL: url } })
    expect(await preview(app)).toMatchObject({ warnings: [{ code: CODE, users: 2 }, ALWAYS] })
    server.pause()
    try {
      expect(await set(app, { enabledFactors: ['OTP'] })).toMatchObject({ applied: true, warnings: [ALWAYS] })
      expect(genauth.factors()).toEqual(['OTP'])
    } finally {
      server.resume()
    }
    expect(await preview(app)).toMatchObject({ warnings: [{ code: CODE, users: 2 }, ALWAYS] })
  })
})
