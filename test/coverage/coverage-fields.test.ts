import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoverageRow } from '../../src/coverage/coverage-row.ts'
import type { ScanDepth } from '../../src/coverage/scan.ts'
import type { ScanStore } from '../../src/coverage/scan-store.ts'
import { type Json, startApp, type TestApp } from '../support/app.ts'
import { startCoverageApp } from '../support/coverage-app.ts'
import { begin, NOT_BOUND, toPage, toRow, WHOLE } from '../support/scans.ts'

const ADA = '65a000000000000000000001'
const GRACE = '65a000000000000000000002'
const ALAN = '65a000000000000000000003'
const NOBODY = '65a0000000000000000000ff'
const SCANS = { FULL: 'scan-of-all', ACTIVITY: 'scan-of-activity', BINDINGS: 'scan-that-failed' } as const

/** The four users of the full scan, as GenAuth never tells them together. */
const ROWS: readonly CoverageRow[] = [
  toRow(ADA, {
    departmentIds: ['d1', 'd2'],
    bindings: { ...NOT_BOUND, SMS: true, OTP: true },
    enabledFactors: ['SMS', 'PASSKEY'],
    posture: 'PROTECTED',
    lastMfaAtMs: Date.UTC(2026, 10, 1),
    lastSignInAtMs: Date.UTC(2026, 10, 2),
  }),
  toRow(GRACE, {
    departmentIds: ['d1'],
    enabledFactors: [],
    posture: 'UNPROTECTED',
    lastSignInAtMs: Date.UTC(2026, 10, 3),
  }),
  toRow(ALAN, {
    status: 'SUSPENDED',
    bindings: { SMS: null, EMAIL: true, OTP: false, FACE: false },
    enabledFactors: ['EMAIL'],
    posture: 'PENDING',
    lastMfaAtMs: Date.UTC(2025, 0, 1),
  }),
  toRow(NOBODY, { status: null, bindings: null, departmentIds: ['d2'] }),
]

async function fill(scans: ScanStore): Promise<void> {
  const full = await begin(scans, { id: SCANS.FULL, depth: 'FULL' })
  await scans.storePage(full, toPage(ROWS, { expected: 4, unreadable: 1, upstreamCalls: 9 }))
  await scans.end(full, { ...WHOLE, poolFactors: ['SMS', 'OTP'] })
  const activity = await begin(scans, { id: SCANS.ACTIVITY, depth: 'ACTIVITY' })
  await scans.storePage(activity, toPage([toRow(ADA, { bindings: null, departmentIds: ['d1'] })]))
  await scans.end(activity, {
    status: 'SUCCEEDED',
    isWhole: false,
    poolFactors: null,
    atMs: 1_900_000_009_001,
  })
  const failed = await begin(scans, { id: SCANS.BINDINGS, depth: 'BINDINGS' })
  await scans.storePage(failed, toPage([toRow(GRACE)]))
  await scans.end(failed, {
    status: 'FAILED',
    failure: 'LIST_CUT_SHORT',
    poolFactors: null,
    atMs: 1_900_000_009_002,
  })
}

const COVERAGE = /* GraphQL */ `
  query ($scanId: ID, $filter: MfaCoverageFilter, $first: Int! = 50, $after: String, $orderBy: MfaCoverageOrder! = SCANNED) {
    mfaCoverage(scanId: $scanId, filter: $filter) {
      __typename
      ... on MfaCoverage {
        scan { id }
        rows(first: $first, after: $after, orderBy: $orderBy) {
          totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          edges { cursor node { userId } }
        }
      }
      ... on MfaError { code }
      ... on MfaInvalidInputError { fieldErrors { path message } }
    }
  }
`
const NAMES: Json = { [ADA]: 'ada', [GRACE]: 'grace', [ALAN]: 'alan', [NOBODY]: 'nobody' }

let app: TestApp
beforeAll(async () => {
  app = await startCoverageApp({}, fill)
})
afterAll(() => app[Symbol.asyncDispose]())

async function ask(variables: object): Promise<Json> {
  const { data, errors } = await app.graphql(COVERAGE, { scanId: SCANS.FULL, ...variables })
  expect(errors).toEqual([])
  return data.mfaCoverage
}

const namesOf = (rows: Json) => rows.edges.map(({ node }: Json) => NAMES[node.userId])

describe('a filter', () => {
  it.each<[filter: object | undefined, names: string[]]>([
    [undefined, ['ada', 'grace', 'alan', 'nobody']],
    [{}, ['ada', 'grace', 'alan', 'nobody']],
    [{ postures: null, departmentIds: null }, ['ada', 'grace', 'alan', 'nobody']],
    [{ postures: ['UNPROTECTED', 'PENDING'] }, ['grace', 'alan']],
    [{ withoutBoundFactor: true }, ['grace']],
    [{ withoutBoundFactor: false }, ['ada', 'alan']],
    [{ boundFactor: 'EMAIL' }, ['alan']],
    [{ notBoundFactor: 'SMS' }, ['grace']],
    [{ neverVerified: true }, ['grace', 'nobody']],
    [{ neverVerified: false }, ['ada', 'alan']],
    [{ lastMfaBefore: '2026-01-01T00:00:00Z' }, ['alan']],
    [{ lastMfaBefore: '2026-11-01T08:00:00.001+08:00' }, ['ada', 'alan']],
    [{ lastSignInAfter: '2026-11-03T00:00:00Z' }, ['grace']],
    [{ lastSignInBefore: '2026-11-03T00:00:00Z' }, ['ada']],
    [{ lastSignInAfter: '2026-10-01T00:00:00Z', lastSignInBefore: '2027-01-01T00:00:00Z' }, ['ada', 'grace']],
    [{ departmentIds: ['d2'] }, ['ada', 'nobody']],
    [{ departmentIds: ['nowhere'] }, []],
    [{ statuses: ['SUSPENDED'] }, ['alan']],
    [{ departmentIds: ['d1', 'd2'], neverVerified: true, statuses: ['ACTIVATED'] }, ['grace']],
  ])('%j shows %j, and counts the same', async (filter, names) => {
    const { rows } = await ask({ filter })
    expect(namesOf(rows)).toEqual(names)
    expect(rows.totalCount).toBe(names.length)
    expect(rows.pageInfo).toMatchObject({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: rows.edges[0]?.cursor ?? null,
      endCursor: rows.edges.at(-1)?.cursor ?? null,
    })
    expect(app.takeCalls()).toEqual([])
  })

  it.each<[depth: ScanDepth, filter: object, paths: string[]]>([
    ['ACTIVITY', { withoutBoundFactor: false }, ['withoutBoundFactor']],
    ['ACTIVITY', { boundFactor: 'SMS', notBoundFactor: 'OTP' }, ['boundFactor', 'notBoundFactor']],
    ['ACTIVITY', { postures: ['UNKNOWN'], neverVerified: true }, ['postures']],
    ['BINDINGS', { postures: ['PROTECTED'], withoutBoundFactor: true }, ['postures']],
    ['FULL', { postures: [], departmentIds: [], statuses: [] }, ['postures', 'departmentIds', 'statuses']],
    ['FULL', { departmentIds: Array(201).fill('d1') }, ['departmentIds']],
    [
      'FULL',
      { departmentIds: ['d1', '', 'd\u0000', ' d1', '\ud800'] },
      [1, 2, 3, 4].map(n => `departmentIds.${n}`),
    ],
    ['FULL', { departmentIds: ['d'.repeat(257)] }, ['departmentIds.0']],
    [
      'ACTIVITY',
      { lastSignInAfter: '2026-11-03T00:00:00Z', lastSignInBefore: '2026-11-03T00:00:00Z' },
      ['lastSignInBefore'],
    ],
    ['FULL', { boundFactor: 'OTP', notBoundFactor: 'OTP' }, ['notBoundFactor']],
    ['FULL', { boundFactor: 'OTP', withoutBoundFactor: true }, ['boundFactor']],
    ['ACTIVITY', { neverVerified: true, lastMfaBefore: '2026-11-03T00:00:00Z' }, ['lastMfaBefore']],
  ])('of a scan of %s that asks %j is a fault at %j', async (depth, filter, paths) => {
    const { code, fieldErrors } = await ask({ scanId: SCANS[depth], filter })
    expect(code).toBe('INVALID_INPUT')
    expect(fieldErrors.map(({ path }: Json) => path.join('.'))).toEqual(paths.map(path => `filter.${path}`))
  })

  it.each([
    [{ lastMfaBefore: 'yesterday' }, 'filter.lastMfaBefore'],
    [{ lastMfaBefore: '2026-11-01T00:00:00' }, 'filter.lastMfaBefore'],
    [{ lastMfaBefore: 7 }, 'filter.lastMfaBefore'],
    [{ lastMfaBefore: '9999-12-31T23:59:59-01:00' }, 'filter.lastMfaBefore'],
    [{ postures: ['NAKED'] }, 'filter.postures.0'],
    [{ statuses: 'ACTIVATED OR 1=1' }, 'filter.statuses'],
    [{ departmentIds: [{}] }, 'filter.departmentIds.0'],
    [{ or: [] }, 'filter'],
  ])('%j does not fit its type, as the fault at %s says', async (filter, place) => {
    const { errors } = await app.graphql(COVERAGE, { filter })
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT')
    expect(errors[0].message).toContain(` at "${place}": `)
  })
})

describe('pages', () => {
  it.each([
    ['SCANNED', ['ada', 'grace', 'alan', 'nobody']],
    ['LAST_SIGN_IN_DESC', ['grace', 'ada', 'nobody', 'alan']],
    ['LAST_MFA_ASC', ['grace', 'nobody', 'alan', 'ada']],
  ])('in the order %s show each row once, of whatever size they are', async (orderBy, names) => {
    for (const first of [1, 2, 3, 4, 50]) {
      const shown: string[] = []
      let after: string | null = null
      for (;;) {
        const { rows }: Json = await ask({ first, after, orderBy })
        expect([rows.pageInfo.hasPreviousPage, rows.totalCount]).toEqual([after !== null, 4])
        shown.push(...namesOf(rows))
        after = rows.pageInfo.endCursor
        if (!rows.pageInfo.hasNextPage) break
      }
      expect(shown).toEqual(names)
    }
  })

  it('go on with a cursor of the same values in another order, and with no other', async () => {
    const filter = { statuses: ['ACTIVATED', 'SUSPENDED'] }
    const after = (await ask({ filter, first: 1 })).rows.pageInfo.endCursor
    expect(namesOf((await ask({ filter: { statuses: ['SUSPENDED', 'ACTIVATED'] }, after })).rows)).toEqual([
      'grace',
      'alan',
    ])
    for (const foreign of [
      { after },
      { after, filter, orderBy: 'LAST_MFA_ASC' },
      { after, filter, scanId: SCANS.BINDINGS },
      { after: '' },
      { after: 'MTIz' },
      { after: `${after}0`.slice(0, 12) },
      { after: '\u0000' },
      { after: 'x'.repeat(10_000) },
    ]) {
      const { status, data, errors } = await app.graphql(COVERAGE, { scanId: SCANS.FULL, ...foreign })
      expect([status, data.mfaCoverage.rows]).toEqual([200, null])
      expect(errors).toMatchObject(
        [
          {
            path: ['mfaCoverage', 'rows'],
            message: /^after is no cursor/,
            extensions: { code: 'INVALID_INPUT' },
          },
        ].map(error => ({ ...error, message: expect.stringMatching(error.message) })),
      )
    }
  })

  it.each([0, -1, 51, 2_147_483_647])(
    'of %i rows are refused, and the rest of the answer stands',
    async first => {
      const { data, errors } = await app.graphql(COVERAGE, { scanId: SCANS.FULL, first })
      expect(data.mfaCoverage).toEqual({ __typename: 'MfaCoverage', scan: { id: SCANS.FULL }, rows: null })
      expect(errors).toMatchObject([
        {
          path: ['mfaCoverage', 'rows'],
          message: 'first must be from 1 to 50.',
          extensions: { code: 'INVALID_INPUT' },
        },
      ])
    },
  )
})

describe('a row', () => {
  it('is as the scan found it', async () => {
    const { data } = await app.graphql(
      `{ mfaCoverage(scanId: "${SCANS.FULL}") { ... on MfaCoverage { rows { edges { node {
        userId status departmentIds boundFactors enabledFactors posture lastMfaAt lastSignInAt readAt } } } } } }`,
    )
    const [ada, grace, alan, nobody] = data.mfaCoverage.rows.edges.map(({ node }: Json) => node)
    expect(ada).toEqual({
      userId: ADA,
      status: 'ACTIVATED',
      departmentIds: ['d1', 'd2'],
      boundFactors: ['SMS', 'OTP'],
      enabledFactors: ['SMS', 'PASSKEY'],
      posture: 'PROTECTED',
      lastMfaAt: '2026-11-01T00:00:00.000Z',
      lastSignInAt: '2026-11-02T00:00:00.000Z',
      readAt: '2030-03-17T17:46:41.000Z',
    })
    expect(grace).toMatchObject({
      boundFactors: [],
      enabledFactors: [],
      posture: 'UNPROTECTED',
      lastMfaAt: null,
    })
    expect(alan).toMatchObject({ status: 'SUSPENDED', boundFactors: ['EMAIL'], lastSignInAt: null })
    expect(nobody).toMatchObject({ status: null, boundFactors: null, enabledFactors: null, posture: null })
  })

  it('has its person looked up now: one call for those that GenAuth knows, and null for one that it does not', async () => {
    const document = `{ mfaCoverage(scanId: "${SCANS.FULL}") { ... on MfaCoverage { rows { edges { node {
      userId user { id } person { id displayName username email user { id } } } } } } } }`
    app.takeCalls()
    const { data, errors } = await app.graphql(document)
    expect(errors).toEqual([])
    const nodes = data.mfaCoverage.rows.edges.map(({ node }: Json) => node)
    expect(nodes[0]).toEqual({
      userId: ADA,
      user: { id: ADA },
      person: {
        id: ADA,
        displayName: 'Ada Lovelace',
        username: 'ada',
        email: 'a***@example.com',
        user: { id: ADA },
      },
    })
    expect(nodes.map(({ person }: Json) => person?.username ?? null)).toEqual(['ada', 'grace', 'alan', null])
    // Only GenAuth's own "not found" counts for a user that a batch leaves out.
    expect(app.takeCalls()).toEqual(['get-user-batch', 'get-user'])
    expect(JSON.stringify(app.log)).not.toContain('Lovelace')
  })
})

describe('mfaCoverage', () => {
  it('without an id shows the newest scan that is whole', async () => {
    expect((await ask({ scanId: undefined })).scan.id).toBe(SCANS.FULL)
    expect((await ask({ scanId: null })).scan.id).toBe(SCANS.FULL)
  })

  it('tells no count that the depth did not ask for', async () => {
    const summaryOf = async (scanId: string) => {
      const { data } = await app.graphql(
        `{ mfaCoverage(scanId: "${scanId}") { ... on MfaCoverage { summary {
          users withoutBoundFactor neverVerified poolFactors byPosture { posture count }
          byFactor { type bound enabled } byDepartment { departmentId users withoutBoundFactor } } } } }`,
      )
      return data.mfaCoverage.summary
    }
    const factor = (type: string, bound: number, enabled: number | null) => ({ type, bound, enabled })
    expect(await summaryOf(SCANS.FULL)).toEqual({
      users: 4,
      withoutBoundFactor: 1,
      neverVerified: 2,
      poolFactors: ['SMS', 'OTP'],
      byPosture: [
        { posture: 'PROTECTED', count: 1 },
        { posture: 'PENDING', count: 1 },
        { posture: 'UNPROTECTED', count: 1 },
        { posture: 'UNKNOWN', count: 0 },
      ],
      byFactor: [factor('SMS', 1, 1), factor('EMAIL', 1, 1), factor('OTP', 1, 0), factor('FACE', 0, 0)],
      byDepartment: [
        { departmentId: 'd1', users: 2, withoutBoundFactor: 1 },
        { departmentId: 'd2', users: 2, withoutBoundFactor: 0 },
      ],
    })
    expect(await summaryOf(SCANS.ACTIVITY)).toMatchObject({
      users: 1,
      withoutBoundFactor: null,
      byPosture: null,
      byFactor: null,
      byDepartment: [{ departmentId: 'd1', users: 1, withoutBoundFactor: null }],
      poolFactors: null,
    })
    expect(await summaryOf(SCANS.BINDINGS)).toMatchObject({
      withoutBoundFactor: 1,
      byPosture: null,
      byFactor: [
        factor('SMS', 0, null),
        factor('EMAIL', 0, null),
        factor('OTP', 0, null),
        factor('FACE', 0, null),
      ],
    })
  })

  it('tells of each scan how it ended, the newest first', async () => {
    const { data } = await app.graphql(
      `{ mfaCoverageScans { ... on MfaCoverageScans { scans {
        id status failure depth isWhole seen expected unreadable upstreamCalls createdAt startedAt finishedAt estimatedFinishAt
        population { statuses groups exceptUserIds lastSignInAfter } } } } }`,
    )
    const [failed, activity, full] = data.mfaCoverageScans.scans
    expect([failed.id, failed.status, failed.failure, failed.isWhole]).toEqual([
      SCANS.BINDINGS,
      'FAILED',
      'LIST_CUT_SHORT',
      false,
    ])
    expect([activity.id, activity.status, activity.failure, activity.isWhole]).toEqual([
      SCANS.ACTIVITY,
      'SUCCEEDED',
      null,
      false,
    ])
    expect(full).toEqual({
      id: SCANS.FULL,
      status: 'SUCCEEDED',
      failure: null,
      depth: 'FULL',
      isWhole: true,
      seen: 4,
      expected: 4,
      unreadable: 1,
      upstreamCalls: 9,
      createdAt: '2030-03-17T17:46:40.000Z',
      startedAt: '2030-03-17T17:46:40.500Z',
      finishedAt: '2030-03-17T17:46:49.000Z',
      estimatedFinishAt: null,
      population: { statuses: ['ACTIVATED'], groups: [], exceptUserIds: [], lastSignInAfter: null },
    })
  })
})

describe('the rights', () => {
  it('to report show no person, to read no scan', async () => {
    const bearer = async (scope: string) => ({ authorization: `Bearer ${await app.issuer.token({ scope })}` })
    const document = `{ mfaCoverage(scanId: "${SCANS.FULL}") { ... on MfaCoverage { rows(first: 1) { edges { node {
      userId person { id } user { id } } } } } ... on MfaError { code message } } }`
    app.takeCalls()
    const report = await app.graphql(document, {}, await bearer('mfa:report'))
    expect(report.data.mfaCoverage.rows.edges).toEqual([{ node: { userId: ADA, person: null, user: null } }])
    expect(report.errors.map(({ message, path }: Json) => [message, path.at(-1)])).toEqual([
      ['You need the `mfa:read` scope.', 'person'],
      ['You need the `mfa:read` scope.', 'user'],
    ])
    const unknown = `{ mfaCoverage(scanId: "none") { ... on MfaError { code message } } }`
    expect((await app.graphql(unknown, {}, await bearer('mfa:report'))).data.mfaCoverage.code).toBe(
      'NOT_FOUND',
    )
    for (const scope of ['mfa:read', 'mfa:write', 'mfa:read mfa:write', 'openid']) {
      const { data, errors } = await app.graphql(document, {}, await bearer(scope))
      expect([data, errors[0].message]).toEqual([null, 'You need the `mfa:report` scope.'])
    }
    expect(app.takeCalls()).toEqual([])
  })

  it('to report count a read for each row whose person is looked up, and none for others', async () => {
    await using limited = await startCoverageApp(
      { env: { RATE_LIMITS: 'reads=5,writes=1,weakenings=1,misses=1' } },
      fill,
    )
    const document = (fields: string) => `{ mfaCoverage(scanId: "${SCANS.FULL}") { ... on MfaCoverage {
      rows { edges { node { ${fields} } } } } } mfaViewer { limits { kind remaining } } }`
    const leftOf = ({ data }: Json) => data.mfaViewer.limits[0].remaining
    expect(leftOf(await limited.graphql(document('userId user { id } posture')))).toBe(5)
    await limited.graphql(document('person { id } user { id }'))
    expect(leftOf(await limited.graphql(document('userId')))).toBe(1)
    const { data, errors } = await limited.graphql(document('userId person { id }'))
    const nodes = data.mfaCoverage.rows.edges.map(({ node }: Json) => node)
    expect(nodes.filter(({ person }: Json) => person === null)).toHaveLength(3)
    expect(errors.map(({ extensions }: Json) => extensions.code)).toEqual(Array(3).fill('RATE_LIMITED'))
  })
})

describe('without a store', () => {
  it('each field says that it is off, and what turns it on', async () => {
    await using off = await startApp()
    const fields = [
      '{ x: mfaCoverage',
      '{ x: mfaCoverageScans',
      'mutation { x: startMfaCoverageScan(input: {})',
      'mutation { x: cancelMfaCoverageScan(input: { id: "x" })',
    ]
    for (const field of fields) {
      const { data, errors } = await off.graphql(
        `${field} { __typename ... on MfaError { code message retryable } } }`,
      )
      expect(errors).toEqual([])
      expect(data.x).toEqual({
        __typename: 'MfaFeatureOffError',
        code: 'FEATURE_OFF',
        message: expect.stringContaining('STORE_URL'),
        retryable: false,
      })
    }
  })
})

describe('with a store that cannot be used', () => {
  it('each field fails with 503, and reads of MFA go on', async () => {
    await using broken = await startApp({ env: { STORE_URL: 'file:/nowhere/at/all/store.db' } })
    const fields = [
      '{ mfaCoverage',
      '{ mfaCoverageScans',
      'mutation { startMfaCoverageScan(input: {})',
      'mutation { cancelMfaCoverageScan(input: { id: "x" })',
    ]
    for (const field of fields) {
      const { status, data, errors } = await broken.graphql(`${field} { __typename } }`)
      expect([status, data, errors[0].extensions.code]).toEqual([503, null, 'STORE_UNAVAILABLE'])
    }
    const { data } = await broken.graphql(`{ userMfa(userId: "${ADA}") { __typename } }`)
    expect(data.userMfa.__typename).toBe('UserMfa')
    expect(broken.journal.map(({ kind }) => kind).filter(kind => /scan/.test(kind))).toEqual([])
  })
})
