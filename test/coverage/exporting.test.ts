import { describe, expect, it } from 'vitest'
import { EVERY_ROW } from '../../src/coverage/coverage-filter.ts'
import type { CoverageRow } from '../../src/coverage/coverage-row.ts'
import { createCsvFormat } from '../../src/coverage/exporting/csv-format.ts'
import { exportRows } from '../../src/coverage/exporting/export-rows.ts'
import type { ExportedRow } from '../../src/coverage/exporting/exported-row.ts'
import { JSONL_FORMAT } from '../../src/coverage/exporting/jsonl-format.ts'
import type { Scan } from '../../src/coverage/scan.ts'
import type { RowQuery } from '../../src/coverage/scan-store.ts'
import { EVERYBODY, NOT_BOUND, toRow } from '../support/scans.ts'

const SCAN: Scan = {
  id: 's1',
  status: 'SUCCEEDED',
  depth: 'BINDINGS',
  population: EVERYBODY,
  budgetShare: 0.5,
  createdAtMs: 1_900_000_000_000,
  startedAtMs: 1_900_000_001_000,
  finishedAtMs: 1_900_000_061_000,
  expected: 3,
  seen: 2,
  unreadable: 1,
  upstreamCalls: 9,
  isWhole: false,
  failure: null,
}
const EXPORTED = { scan: SCAN, filter: EVERY_ROW, rows: 2, atMs: 1_900_000_071_400 }

const known = toRow('u1', {
  departmentIds: ['d1', 'd,2'],
  bindings: { ...NOT_BOUND, OTP: true, FACE: null },
  enabledFactors: [],
  posture: 'PENDING',
  lastMfaAtMs: 1_899_999_999_123,
})
const unreadable = toRow('=u2', { status: null, bindings: null })

describe('a scan as CSV', () => {
  it('begins with the facts of the scan, and has as many fields in each line', () => {
    const format = createCsvFormat(false)
    const lines = [known, unreadable].map(row => format.line({ row, person: null }))
    expect((format.head(EXPORTED) + lines.join('')).split('\r\n')).toEqual([
      'scan,s1,,,,,,,,,,',
      'status,SUCCEEDED,,,,,,,,,,',
      'depth,BINDINGS,,,,,,,,,,',
      'isWhole,false,,,,,,,,,,',
      'failure,,,,,,,,,,,',
      'startedAt,2030-03-17T17:46:41.000Z,,,,,,,,,,',
      'finishedAt,2030-03-17T17:47:41.000Z,,,,,,,,,,',
      'exportedAt,2030-03-17T17:47:51.400Z,,,,,,,,,,',
      'ageSeconds,10,,,,,,,,,,',
      'expected,3,,,,,,,,,,',
      'filter,NONE,,,,,,,,,,',
      'rows,2,,,,,,,,,,',
      'unreadable,1,,,,,,,,,,',
      'userId,status,departmentIds,boundSMS,boundEMAIL,boundOTP,boundFACE,enabledFactors,posture,lastMfaAt,lastSignInAt,readAt',
      'u1,ACTIVATED,"d1 d,2",false,false,true,,NONE,PENDING,2030-03-17T17:46:39.123Z,,2030-03-17T17:46:41.000Z',
      "'=u2,,NONE,,,,,,,,,2030-03-17T17:46:41.000Z",
      '',
    ])
  })

  it('says which filter its rows fit, as the query that asks for them again', () => {
    const filter = {
      ...EVERY_ROW,
      statuses: ['ACTIVATED', 'SUSPENDED'] as const,
      departmentIds: ['=1+1,2'],
      neverVerified: false,
      lastSignInAfterMs: 1_900_000_000_000,
    }
    const exported = { ...EXPORTED, filter, rows: 1 }
    const text = createCsvFormat(false).head(exported)
    expect(text).toContain(
      '\r\nfilter,neverVerified=false&departmentIds=%3D1%2B1%2C2&statuses=ACTIVATED&statuses=SUSPENDED&lastSignInAfter=2030-03-17T17:46:40.000Z,,',
    )
    expect(text).toContain('\r\nrows,1,')
    expect(JSON.parse(JSONL_FORMAT.head(exported)).scan).toMatchObject({
      filter: {
        neverVerified: false,
        departmentIds: ['=1+1,2'],
        statuses: ['ACTIVATED', 'SUSPENDED'],
        lastSignInAfter: '2030-03-17T17:46:40.000Z',
      },
      rows: 1,
    })
  })

  it('shows people where they were asked for, and why one is not shown', () => {
    const format = createCsvFormat(true)
    const person = { displayName: '=1+1', username: null, email: 'a***@x.org', phone: '138****0001' }
    const line = (looked: ExportedRow['person']) => format.line({ row: known, person: looked })
    expect(format.head(EXPORTED)).toMatch(/^\ufeffscan,s1,{15}\r\n/)
    expect(line({ kind: 'FOUND', person })).toMatch(/,FOUND,'=1\+1,,a\*{3}@x\.org,138\*{4}0001\r\n$/)
    expect(line({ kind: 'FAILED', failure: 'RATE_LIMITED' })).toMatch(/,RATE_LIMITED,,,,\r\n$/)
  })
})

describe('a scan as lines of JSON', () => {
  it('begins with the facts of the scan, and leaves out nothing that is not known', () => {
    expect(JSON.parse(JSONL_FORMAT.head(EXPORTED))).toMatchObject({
      scan: { id: 's1', isWhole: false, ageSeconds: 10, filter: {}, rows: 2, failure: null },
    })
    expect(JSON.parse(JSONL_FORMAT.line({ row: unreadable, person: null }))).toEqual({
      userId: '=u2',
      status: null,
      departmentIds: [],
      bound: null,
      enabledFactors: null,
      posture: null,
      lastMfaAt: null,
      lastSignInAt: null,
      readAt: '2030-03-17T17:46:41.000Z',
    })
    const failed = JSONL_FORMAT.line({ row: known, person: { kind: 'FAILED', failure: 'USER_NOT_FOUND' } })
    expect(JSON.parse(failed)).toMatchObject({ person: { failure: 'USER_NOT_FOUND' } })
  })
})

describe('the rows of an export', () => {
  const USERS = 450
  /** Counts what is read, as a store that has more rows than the scan had when it was found. */
  function createRows(stored: number) {
    const asked: number[] = []
    const all = Array.from({ length: stored }, (_, n) => ({ place: n + 1, row: toRow(`u${n}`) }))
    async function rows(_id: string, { after, first }: RowQuery) {
      asked.push(first)
      return { rows: all.slice(after, after + first), hasMore: after + first < stored }
    }
    return { asked, rows }
  }
  async function collect(pages: AsyncIterable<readonly ExportedRow[]>): Promise<CoverageRow[]> {
    const found: CoverageRow[] = []
    for await (const page of pages) found.push(...page.map(({ row }) => row))
    return found
  }
  const exported = { ...EXPORTED, rows: USERS }

  it('are those that the scan had at the beginning, and no page is read before it is wanted', async () => {
    const { asked, rows } = createRows(USERS + 99)
    const pages = exportRows({ exported, readRows: rows, lookUpPeople: null })
    expect(asked).toEqual([])
    const first = await pages.next()
    expect(first.value).toHaveLength(200)
    expect(asked).toEqual([200])
    expect(await collect(pages)).toHaveLength(250)
    expect(asked).toEqual([200, 200, 50])
  })

  it('fail where some are missing', async () => {
    const { rows } = createRows(300)
    await expect(collect(exportRows({ exported, readRows: rows, lookUpPeople: null }))).rejects.toThrow(
      'fewer rows',
    )
  })

  it('come with their people, at most fifty at a time', async () => {
    const { asked, rows } = createRows(USERS)
    const wanted: number[] = []
    async function lookUpPeople(ids: readonly string[]) {
      wanted.push(ids.length)
      return ids.map(() => ({ kind: 'FAILED', failure: 'RATE_LIMITED' }) as const)
    }
    expect(await collect(exportRows({ exported, readRows: rows, lookUpPeople }))).toHaveLength(USERS)
    expect(Math.max(...asked, ...wanted)).toBe(50)
    expect(wanted).toHaveLength(9)
  })
})
