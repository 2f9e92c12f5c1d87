import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json, TestApp } from '../support/app.ts'
import { startCoverageApp, startScan } from '../support/coverage-app.ts'
import { failing, ok, startFakeGenAuth } from '../support/fake-genauth.ts'

const ADA = '65a000000000000000000001'
const NOBODY = '65a0000000000000000000ff'
const REPORT = { claims: { scope: 'mfa:report' } }

const scanRecordsOf = ({ journal }: TestApp) => journal.filter(({ kind }) => /^scan/.test(kind))
const pathsOf = ({ fieldErrors }: Json) => fieldErrors.map(({ path }: Json) => path.join('.'))

describe('startMfaCoverageScan refuses at its path, before GenAuth is asked,', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startCoverageApp(REPORT)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const department = { organizationCode: 'acme' }
  it.each<[what: string, input: object, paths: string[]]>([
    [
      'groups with departments',
      { population: { groups: ['g'], departments: [department] } },
      ['population.groups'],
    ],
    ['groups with applications', { population: { groups: ['g'], signedInTo: ['a'] } }, ['population.groups']],
    [
      'empty lists',
      {
        population: {
          departments: [],
          groups: [],
          statuses: [],
          signedInTo: [],
          exceptUsers: [],
          exceptGroups: [],
        },
      },
      ['departments', 'groups', 'statuses', 'signedInTo', 'exceptUsers', 'exceptGroups'].map(
        name => `population.${name}`,
      ),
    ],
    [
      'too many departments',
      { population: { departments: Array(51).fill(department) } },
      ['population.departments'],
    ],
    ['too many groups', { population: { groups: Array(51).fill('g') } }, ['population.groups']],
    ['too many applications', { population: { signedInTo: Array(21).fill('a') } }, ['population.signedInTo']],
    [
      'too many excepted users',
      { population: { exceptUsers: Array(501).fill({ userId: 'u' }) } },
      ['population.exceptUsers'],
    ],
    [
      'too many excepted groups',
      { population: { exceptGroups: Array(21).fill('g') } },
      ['population.exceptGroups'],
    ],
    [
      'blank names',
      {
        population: {
          departments: [{ organizationCode: '', departmentId: ' ' }],
          exceptGroups: ['ok', '\u200b'],
        },
      },
      [
        'population.departments.0.organizationCode',
        'population.departments.0.departmentId',
        'population.exceptGroups.1',
      ],
    ],
    [
      'control characters',
      { population: { groups: ['a\u0000', 'b\ud800', 'c\n', 'x'.repeat(257)] } },
      [0, 1, 2, 3].map(index => `population.groups.${index}`),
    ],
    [
      'an identifier that names nobody',
      {
        population: {
          exceptUsers: [{ userId: ADA }, { userId: '' }, { userId: '12', userIdType: 'IDENTITY' }],
        },
      },
      ['population.exceptUsers.1.userId', 'population.exceptUsers.2.userId'],
    ],
    [
      'times in the wrong order',
      { population: { lastSignInAfter: '2026-02-01T00:00:00Z', lastSignInBefore: '2026-02-01T00:00:00Z' } },
      ['population.lastSignInBefore'],
    ],
    [
      'times that GenAuth cannot have',
      { population: { lastSignInAfter: '0001-01-01T00:00:00Z', lastSignInBefore: '1969-12-31T23:59:59Z' } },
      ['population.lastSignInAfter', 'population.lastSignInBefore'],
    ],
    [
      'a group that is left out again',
      { population: { groups: ['a', 'b'], exceptGroups: ['c', 'b'] } },
      ['population.exceptGroups.1'],
    ],
    ['no share', { budgetShare: 0 }, ['budgetShare']],
    ['a negative share', { budgetShare: -1 }, ['budgetShare']],
    ['a share that never ends', { budgetShare: 0.009 }, ['budgetShare']],
    ['more than all', { budgetShare: 1.01 }, ['budgetShare']],
    ['two faults', { budgetShare: 2, population: { statuses: [] } }, ['population.statuses', 'budgetShare']],
  ])('%s', async (_what, input, paths) => {
    const answer = await startScan(app, input)
    expect(answer.code).toBe('INVALID_INPUT')
    expect(pathsOf(answer)).toEqual(paths.map(path => `input.${path}`))
    expect(app.takeCalls()).toEqual([])
    expect(scanRecordsOf(app)).toEqual([])
  })

  it('and a value of another type', async () => {
    for (const input of [
      'budgetShare: "1"',
      'depth: DEEP',
      'population: { statuses: [ASLEEP] }',
      'population: { everyone: true }',
    ]) {
      const { errors } = await app.graphql(
        `mutation { startMfaCoverageScan(input: { ${input} }) { __typename } }`,
      )
      expect(errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    }
  })
})

describe('startMfaCoverageScan looks up what a population names,', () => {
  it('and says of each that GenAuth does not know it, where it stands', async () => {
    await using app = await startCoverageApp({ claims: { scope: 'mfa:report' } })
    const organization = { organizationCode: 'nowhere' }
    const answer = await startScan(app, {
      population: {
        departments: [organization, { ...organization, departmentId: 'd1', includeChildren: false }],
        signedInTo: ['no-app'],
        exceptGroups: ['no-group'],
        exceptUsers: [{ userId: ADA }, { userId: NOBODY }, { userId: 'nobody', userIdType: 'USERNAME' }],
      },
    })
    expect(answer.code).toBe('INVALID_INPUT')
    expect(pathsOf(answer)).toEqual(
      [
        'departments.0',
        'departments.1',
        'exceptGroups.0',
        'signedInTo.0',
        'exceptUsers.1',
        'exceptUsers.2',
      ].map(path => `input.population.${path}`),
    )
    expect(JSON.stringify(answer)).not.toMatch(/nowhere|no-app|no-group/)
    expect(scanRecordsOf(app)).toEqual([])
    const { data } = await app.graphql('{ mfaCoverageScans { ... on MfaCoverageScans { scans { id } } } }')
    expect(data.mfaCoverageScans.scans).toEqual([])
  })

  it.each([
    [402, 'PLAN_REQUIRED'],
    [403, 'UPSTREAM_FORBIDDEN'],
    [409, 'OPERATION_REFUSED'],
    [422, 'OPERATION_REFUSED'],
    [429, 'RATE_LIMITED'],
    [501, 'UPSTREAM_UNAVAILABLE'],
  ])('and starts none where GenAuth answers %i', async (status, code) => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-application-simple-info', failing(status))
    await using app = await startCoverageApp({ ...REPORT, upstream: genauth })
    expect(await startScan(app, { population: { signedInTo: ['a'] } })).toMatchObject({ code })
    expect(scanRecordsOf(app)).toEqual([])
  })

  it('within the reads that the caller has left', async () => {
    await using app = await startCoverageApp({
      ...REPORT,
      env: { RATE_LIMITS: 'reads=3,writes=1,weakenings=1,misses=2' },
    })
    const answer = await startScan(app, { population: { exceptGroups: ['a', 'b', 'c', 'd'] } })
    expect(answer).toMatchObject({ code: 'RATE_LIMITED', origin: 'LAYER' })
    expect(app.takeCalls().length).toBeLessThanOrEqual(3)
  })
})

describe('a scan is on record', () => {
  it('with who started it and what it reads, before it begins, and with who cancelled it', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('list-users', () => {})
    genauth.reply('get-user', ok({ userId: ADA, username: 'ada' }))
    await using app = await startCoverageApp({
      upstream: genauth,
      claims: { scope: 'mfa:report', sub: 'lead-7', client_id: 'console' },
    })
    const started = await startScan(app, {
      depth: 'ACTIVITY',
      budgetShare: 0.25,
      population: { exceptUsers: [{ userId: 'ada', userIdType: 'USERNAME' }] },
    })
    const { id } = started.scan
    await startScan(app, { depth: 'ACTIVITY', population: { exceptUsers: [{ userId: ADA }] } })
    await app.graphql(
      `mutation { cancelMfaCoverageScan(input: { id: "${id}" }) { ... on CancelMfaCoverageScanSuccess { scan { id } } } }`,
    )
    const records = scanRecordsOf(app)
    expect(records).toMatchObject([
      {
        kind: 'scanStarted',
        scan: id,
        caller: { subject: 'lead-7', client: 'console' },
        depth: 'ACTIVITY',
        population: { statuses: ['ACTIVATED'], exceptUserIds: [ADA] },
      },
      { kind: 'scanEnded', scan: id, status: 'CANCELLED' },
    ])
    expect(JSON.stringify(records)).not.toContain('"ada"')
  })

  it('or there is none', async () => {
    let isFull = true
    await using app = await startCoverageApp({
      ...REPORT,
      onJournalLines: async lines => {
        if (isFull && lines.includes('"scanStarted"')) throw new Error('No space left')
      },
    })
    const { status, data, errors } = await app.graphql(
      'mutation { startMfaCoverageScan(input: {}) { __typename } }',
    )
    expect([status, data, errors[0].extensions.code]).toEqual([503, null, 'AUDIT_UNAVAILABLE'])
    const listed = await app.graphql('{ mfaCoverageScans { ... on MfaCoverageScans { scans { id } } } }')
    expect(listed.data.mfaCoverageScans.scans).toEqual([])
    isFull = false
  })
})
