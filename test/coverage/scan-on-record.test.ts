import { expect, it, vi } from 'vitest'
import type { Json, TestApp } from '../support/app.ts'
import { startCoverageApp, startScan } from '../support/coverage-app.ts'

const METRICS = { METRICS_PORT: '0' }
const LEAD = { issuer: expect.any(String), subject: expect.any(String), client: null }
const REPORT = { claims: { scope: 'mfa:report', client_id: undefined } }
const LIST = '{ mfaCoverageScans { ... on MfaCoverageScans { scans { id status } } } }'

const scansIn = ({ journal }: TestApp) => journal.filter(({ kind }) => /^scan/.test(kind))

async function cancel(app: TestApp, id: string): Promise<Json> {
  const { data } = await app.graphql(
    `mutation { cancelMfaCoverageScan(input: { id: "${id}" }) { __typename } }`,
    undefined,
    { 'x-request-id': 'cancelling' },
  )
  return data.cancelMfaCoverageScan
}

it('A scan is on record before it runs, and again with its counts when it ends, which the metrics show.', async () => {
  await using app = await startCoverageApp({ ...REPORT, env: METRICS })
  const input = {
    depth: 'BINDINGS',
    budgetShare: 0.7,
    population: {
      statuses: ['ACTIVATED', 'SUSPENDED'],
      lastSignInBefore: '2031-05-06T07:08:09.000Z',
      // The record names this user by GenAuth's id.
      exceptUsers: [{ userId: 'ada@example.com', userIdType: 'EMAIL' }],
    },
  }
  const { scan } = await startScan(app, input)
  const ended = await vi.waitUntil(() => scansIn(app)[1], { timeout: 20_000, interval: 50 })
  const [started] = scansIn(app)
  expect(started).toMatchObject({
    kind: 'scanStarted',
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    caller: LEAD,
    scan: scan.id,
    depth: 'BINDINGS',
    budgetShare: 0.7,
    population: {
      departments: [],
      statuses: ['ACTIVATED', 'SUSPENDED'],
      lastSignInAfter: null,
      lastSignInBefore: '2031-05-06T07:08:09.000Z',
      exceptUserIds: ['65a000000000000000000001'],
    },
  })
  expect(ended).toMatchObject({
    kind: 'scanEnded',
    scan: scan.id,
    status: 'SUCCEEDED',
    failure: null,
    requestId: null,
    caller: null,
    unreadable: 0,
    isWhole: true,
  })
  expect(ended.seen).toBeGreaterThan(0)
  expect(ended.upstreamCalls).toBeGreaterThan(ended.seen)
  const look = async () => (await app.metrics())['coverage_scans{status="SUCCEEDED"}']
  await expect.poll(look).toBe(1)
  expect(await app.metrics()).toMatchObject({
    store_unusable: 0,
    upstream_waiting_in_background: 0,
    'coverage_scan_users{count="seen"}': ended.seen,
    'coverage_scan_users{count="expected"}': ended.expected,
    coverage_scan_upstream_calls: ended.upstreamCalls,
  })
  expect((await app.metrics())['coverage_newest_whole_scan_age_seconds']).toBeLessThan(60)
})

it('A scan that a caller cancels is on record with that request, and one that was there before was not created.', async () => {
  let isHeld = false
  // The first start waits for its record until a later request has its answer. By then the second start has looked.
  const onJournalLines = async (lines: string) => {
    if (isHeld || !lines.includes('"kind":"scanStarted"')) return
    isHeld = true
    await app.graphql(LIST)
  }
  const env = { ...METRICS, GENAUTH_MAX_RPS: '20' }
  await using app = await startCoverageApp({ ...REPORT, env, onJournalLines })
  const slowly = { budgetShare: 0.1 }
  const [first, second] = await Promise.all([startScan(app, slowly), startScan(app, slowly)])
  expect(first.scan.id).toBe(second.scan.id)
  const look = async () => (await app.metrics())['coverage_scans{status="RUNNING"}']
  await expect.poll(look).toBe(1)
  expect(await cancel(app, first.scan.id)).toEqual({ __typename: 'CancelMfaCoverageScanSuccess' })
  const records = scansIn(app)
  expect(records.at(-1)).toMatchObject({
    kind: 'scanEnded',
    scan: first.scan.id,
    status: 'CANCELLED',
    requestId: 'cancelling',
    caller: LEAD,
    isWhole: false,
  })
  // Each other start that is on record came to nothing, and says so.
  const startedIds = records.filter(({ kind }) => kind === 'scanStarted').map(({ scan }) => scan)
  const others = startedIds.filter(id => id !== first.scan.id)
  expect(others).toHaveLength(1)
  const notCreated = records.filter(({ status }) => status === 'NOT_CREATED').map(({ scan }) => scan)
  expect(notCreated.toSorted()).toEqual(others.toSorted())
})

it('Without a record there is no scan.', async () => {
  const onJournalLines = async (lines: string) => {
    if (lines.includes('"kind":"scanStarted"')) throw new Error('no space left')
  }
  await using app = await startCoverageApp({ ...REPORT, onJournalLines })
  await expect(startScan(app)).rejects.toThrow('AUDIT_UNAVAILABLE')
  const { data } = await app.graphql(LIST)
  expect(data.mfaCoverageScans.scans).toEqual([])
  expect(scansIn(app)).toEqual([])
})
