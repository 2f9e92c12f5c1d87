import { describe, expect, it } from 'vitest'
import { type CoverageFilter, EVERY_ROW } from '../../src/coverage/coverage-filter.ts'
import { COVERAGE_ORDERS, type CoverageOrder } from '../../src/coverage/coverage-order.ts'
import type { CoverageRow } from '../../src/coverage/coverage-row.ts'
import { fitsKind, toRowKind } from '../../src/coverage/row-kind.ts'
import type { ScanStore } from '../../src/coverage/scan-store.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { sortInTurns } from '../../src/store/scans/orders/sort-in-turns.ts'
import { begin, NOT_BOUND, toPage, toRow, WHOLE } from '../support/scans.ts'
import { ENGINES, openStore, useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

/** The same numbers in each run, spread over 0 to 1. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

/** More than three chunks of an order, and more members of a department than are looked up. */
const USERS = 3_600
const BASE_MS = 1_900_000_000_000

function createRows(random: () => number): CoverageRow[] {
  const time = () => (random() < 0.3 ? null : BASE_MS + Math.floor(random() * 2_000))
  return Array.from({ length: USERS }, (_, n) =>
    toRow(n.toString(16).padStart(24, '0'), {
      status: random() < 0.2 ? 'SUSPENDED' : 'ACTIVATED',
      departmentIds: n % 12 === 0 ? ['small'] : ['large', ...(random() < 0.05 ? ['small'] : [])],
      bindings: random() < 0.05 ? null : { ...NOT_BOUND, OTP: random() < 0.5, FACE: n > USERS - 4 },
      lastMfaAtMs: time(),
      lastSignInAtMs: time(),
    }),
  )
}

const FILTERS: readonly Partial<CoverageFilter>[] = [
  {},
  { withoutBoundFactor: true, statuses: ['ACTIVATED'] },
  { boundFactor: 'FACE' },
  { neverVerified: true },
  { lastMfaBeforeMs: BASE_MS },
  { lastMfaBeforeMs: BASE_MS + 3 },
  { lastMfaBeforeMs: BASE_MS + 1_990, boundFactor: 'OTP' },
  { lastSignInAfterMs: BASE_MS + 1_000 },
  { lastSignInBeforeMs: BASE_MS + 4 },
  { lastSignInAfterMs: BASE_MS + 5, lastSignInBeforeMs: BASE_MS + 5 },
  { lastSignInAfterMs: BASE_MS + 10, lastSignInBeforeMs: BASE_MS + 1_990, statuses: ['ACTIVATED'] },
  { lastMfaBeforeMs: BASE_MS + 1_900, lastSignInAfterMs: BASE_MS + 1_500 },
  { departmentIds: ['large'], lastSignInAfterMs: BASE_MS + 300, withoutBoundFactor: true },
  { departmentIds: ['small'] },
  { departmentIds: ['large', 'small'] },
  { departmentIds: ['large'], lastMfaBeforeMs: BASE_MS + 1_000 },
  { departmentIds: ['none'] },
]

/** What the store does, done in memory. */
function pick(rows: readonly CoverageRow[], filter: CoverageFilter, order: CoverageOrder): CoverageRow[] {
  const { departmentIds, lastMfaBeforeMs, lastSignInAfterMs, lastSignInBeforeMs } = filter
  const fitting = rows.filter(
    row =>
      fitsKind(toRowKind(row), filter) &&
      (departmentIds === null || row.departmentIds.some(id => departmentIds.includes(id))) &&
      (lastSignInAfterMs === null || (row.lastSignInAtMs ?? -1) >= lastSignInAfterMs) &&
      (lastSignInBeforeMs === null ||
        (row.lastSignInAtMs ?? Number.POSITIVE_INFINITY) < lastSignInBeforeMs) &&
      (lastMfaBeforeMs === null || (row.lastMfaAtMs ?? Number.POSITIVE_INFINITY) < lastMfaBeforeMs),
  )
  switch (order) {
    case 'SCANNED':
      return fitting
    case 'LAST_SIGN_IN_DESC':
      return fitting.toSorted((a, b) => (a.lastSignInAtMs ?? -1) - (b.lastSignInAtMs ?? -1)).toReversed()
    case 'LAST_MFA_ASC':
      return fitting.toSorted((a, b) => (a.lastMfaAtMs ?? -1) - (b.lastMfaAtMs ?? -1))
  }
}

async function readAll(store: ScanStore, id: string, filter: CoverageFilter, order: CoverageOrder) {
  const read: CoverageRow[] = []
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = await store.rows(id, { filter, order, after, first: 700 })
    read.push(...page.rows.map(({ row }) => row))
    after = page.rows.at(-1)?.place ?? after
    hasMore = page.hasMore
  }
  return read
}

describe.each(ENGINES)('the rows of a large scan in %s', engine => {
  it('come in each order, for each filter, while it runs and when it has ended', {
    timeout: 60_000,
  }, async () => {
    await using opened = await openStore(await newTarget(engine))
    const { scans } = opened.store
    const rows = createRows(createRandom(7))
    const claim = await begin(scans)
    const { id } = claim.scan
    for (let at = 0; at < USERS; at += 500) await scans.storePage(claim, toPage(rows.slice(at, at + 500)))
    for (const state of ['RUNNING', 'ENDED']) {
      for (const wish of FILTERS) {
        const filter = { ...EVERY_ROW, ...wish }
        for (const order of COVERAGE_ORDERS) {
          const read = await readAll(scans, id, filter, order)
          const expected = pick(rows, filter, order)
          const what = `${state} ${order} ${JSON.stringify(wish)}`
          expect(
            read.map(({ userId }) => userId),
            what,
          ).toEqual(expected.map(({ userId }) => userId))
          expect(read, what).toEqual(expected)
          expect(await scans.count(id, filter), what).toBe(expected.length)
        }
      }
      await scans.end(claim, WHOLE)
    }
    const nowhere = { filter: EVERY_ROW, order: 'LAST_MFA_ASC', after: USERS + 9, first: 5 } as const
    expect(await scans.rows(id, nowhere)).toEqual({ rows: [], hasMore: false })
  })
})

it('orders of which a part was written down, because the process ended, are not used', async () => {
  const target = await newTarget('file')
  const rows = createRows(createRandom(5)).slice(0, 2_100)
  const first = await openStore(target)
  const claim = await begin(first.store.scans)
  await first.store.scans.storePage(claim, toPage(rows))
  await first.store.scans.end(claim, WHOLE)
  await first.store.close()
  const database = await openDatabase(target, true)
  await database.tables.deleteFrom('mfa_scan_orders').where('chunk_no', '=', 2).execute()
  await database.close()
  await using opened = await openStore(target)
  for (const order of COVERAGE_ORDERS) {
    const read = await readAll(opened.store.scans, claim.scan.id, EVERY_ROW, order)
    expect(read).toEqual(pick(rows, EVERY_ROW, order))
  }
})

it('a long list is sorted in turns as at once', async () => {
  const random = createRandom(3)
  for (const length of [0, 1, 1_999, 2_001, 30_000]) {
    const list = Array.from({ length }, (_, n) => ({ n, key: Math.floor(random() ** 3 * 500) - 1 }))
    const sorted = await sortInTurns(list, ({ key }) => key)
    expect(sorted).toEqual(list.toSorted((a, b) => a.key - b.key))
  }
})
