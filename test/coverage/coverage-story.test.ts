import { expect, it, vi } from 'vitest'
import type { Json, TestApp } from '../support/app.ts'
import { SCAN_FIELDS, startCoverageApp, startScan } from '../support/coverage-app.ts'

const REPORT = { claims: { scope: 'mfa:report' } }
const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED']

const COVERAGE = /* GraphQL */ `
  query ($scanId: ID, $filter: MfaCoverageFilter, $first: Int! = 50, $after: String, $orderBy: MfaCoverageOrder! = SCANNED) {
    mfaCoverage(scanId: $scanId, filter: $filter) {
      __typename
      ... on MfaCoverage {
        scan { ${SCAN_FIELDS} population { statuses departments { departmentId } } }
        summary {
          users withoutBoundFactor neverVerified poolFactors
          byPosture { posture count }
          byFactor { type bound enabled }
          byDepartment { departmentId users withoutBoundFactor }
        }
        rows(first: $first, after: $after, orderBy: $orderBy) {
          totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          edges { cursor node { userId status departmentIds boundFactors enabledFactors posture lastMfaAt lastSignInAt readAt } }
        }
      }
      ... on MfaError { code message }
    }
  }
`

async function show(app: TestApp, variables: object = {}): Promise<Json> {
  const { data, errors } = await app.graphql(COVERAGE, { ...variables })
  expect(errors).toEqual([])
  return data.mfaCoverage
}

async function showEnded(app: TestApp, scanId: string): Promise<Json> {
  return vi.waitUntil(
    async () => {
      const coverage = await show(app, { scanId })
      return ENDED.includes(coverage.scan.status) && coverage
    },
    { timeout: 20_000, interval: 50 },
  )
}

it('A security lead scans the pool, sees who has no factor, and goes through the rows by pages.', async () => {
  await using app = await startCoverageApp(REPORT)
  const started = await startScan(app, { depth: 'FULL', budgetShare: 1 })
  expect(started).toMatchObject({
    started: true,
    scan: { depth: 'FULL', budgetShare: 1, failure: null, finishedAt: null, isWhole: false },
  })
  const { scan, summary, rows } = await showEnded(app, started.scan.id)
  expect(scan).toMatchObject({
    id: started.scan.id,
    status: 'SUCCEEDED',
    failure: null,
    isWhole: true,
    unreadable: 0,
    population: { statuses: ['ACTIVATED'], departments: [] },
  })
  expect(scan.seen).toBe(summary.users)
  expect(rows.totalCount).toBe(summary.users)
  expect(Date.parse(scan.startedAt)).toBeLessThanOrEqual(Date.parse(scan.finishedAt))

  const nodes: Json[] = []
  let after: string | null = null
  do {
    const page: Json = (await show(app, { scanId: scan.id, first: 7, after })).rows
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1).cursor)
    nodes.push(...page.edges.map((edge: Json) => edge.node))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  expect(new Set(nodes.map(({ userId }) => userId)).size).toBe(summary.users)
  expect(nodes).toHaveLength(summary.users)
  const count = (fits: (node: Json) => boolean) => nodes.filter(fits).length
  expect(summary.byPosture).toEqual(
    ['PROTECTED', 'PENDING', 'UNPROTECTED', 'UNKNOWN'].map(posture => ({
      posture,
      count: count(node => node.posture === posture),
    })),
  )
  expect(summary.byFactor.map(({ type }: Json) => type)).toEqual(['SMS', 'EMAIL', 'OTP', 'FACE'])
  for (const { type, bound, enabled } of summary.byFactor) {
    expect(bound).toBe(count(node => node.boundFactors.includes(type)))
    expect(enabled).toBe(count(node => node.enabledFactors.includes(type)))
  }
  expect(summary.neverVerified).toBe(count(node => node.lastMfaAt === null))

  const [largest] = summary.byDepartment
  expect(largest.withoutBoundFactor).toBeGreaterThan(0)
  const filter = { withoutBoundFactor: true, departmentIds: [largest.departmentId] }
  const without = await show(app, { filter })
  expect(without.scan.id).toBe(scan.id)
  expect(without.rows.totalCount).toBe(largest.withoutBoundFactor)
  expect(without.rows.edges.length).toBeGreaterThan(0)
  for (const { node } of without.rows.edges)
    expect(node).toMatchObject({ status: 'ACTIVATED', boundFactors: [] })
})

it('Somebody who asks for the same scan again gets the one that is there, and can cancel it.', async () => {
  await using app = await startCoverageApp({ ...REPORT, env: { GENAUTH_MAX_RPS: '20' } })
  const first = await startScan(app, { budgetShare: 0.1 })
  const again = await startScan(app, { budgetShare: 1 })
  expect([again.started, again.scan.id, again.scan.budgetShare]).toEqual([false, first.scan.id, 0.1])
  const others = []
  for (const depth of ['ACTIVITY', 'FULL']) {
    for (const statuses of [['SUSPENDED'], ['ARCHIVED'], ['RESIGNED']]) {
      others.push(await startScan(app, { depth, population: { statuses } }))
    }
  }
  expect(others.map(({ __typename }) => __typename).filter(name => /Error/.test(name))).toEqual([
    'MfaRateLimitedError',
  ])
  expect(others.at(-1)).toMatchObject({ code: 'RATE_LIMITED', origin: 'LAYER', retryable: true })

  const cancel = (id: string) =>
    app.graphql(
      `mutation ($id: ID!) { cancelMfaCoverageScan(input: { id: $id }) {
        ... on CancelMfaCoverageScanSuccess { scan { id status isWhole } }
        ... on MfaJobStateError { code status } ... on MfaError { code } } }`,
      { id },
    )
  const cancelled = await cancel(first.scan.id)
  const { id } = first.scan
  expect(cancelled.data.cancelMfaCoverageScan).toEqual({ scan: { id, status: 'CANCELLED', isWhole: false } })
  expect((await cancel(id)).data.cancelMfaCoverageScan).toEqual({ code: 'WRONG_STATE', status: 'CANCELLED' })
  for (const unknown of ['', 'nobody', '\u0000', 'x'.repeat(10_000), '../../etc']) {
    expect((await cancel(unknown)).data.cancelMfaCoverageScan, unknown).toEqual({ code: 'NOT_FOUND' })
    expect(await show(app, { scanId: unknown })).toMatchObject({ code: 'NOT_FOUND' })
  }
  const { data } = await app.graphql(
    `{ mfaCoverageScans { ... on MfaCoverageScans { scans { id status } } ... on MfaError { code } } }`,
  )
  expect(data.mfaCoverageScans.scans).toHaveLength(6)
  expect(data.mfaCoverageScans.scans.at(-1)).toEqual({ id, status: 'CANCELLED' })
})
