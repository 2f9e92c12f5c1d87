import type { CoverageRow } from '../../src/coverage/coverage-row.ts'
import type { Population } from '../../src/coverage/population.ts'
import type { NewScan, ScanClaim, ScanEnd, ScanPage, ScanStore } from '../../src/coverage/scan-store.ts'

/** Each user whose account is active. */
export const EVERYBODY: Population = {
  departments: [],
  groups: [],
  statuses: ['ACTIVATED'],
  signedInTo: [],
  lastSignInAfterMs: null,
  lastSignInBeforeMs: null,
  exceptUserIds: [],
  exceptGroups: [],
}
export const NOT_BOUND = { SMS: false, EMAIL: false, OTP: false, FACE: false }

/** How a scan ends in which nothing moved. */
export const WHOLE: ScanEnd = {
  status: 'SUCCEEDED',
  isWhole: true,
  poolFactors: null,
  atMs: 1_900_000_009_000,
}

let scans = 0
/** Each has an id of its own. */
export const newScan = (wish: Partial<NewScan> = {}): NewScan => ({
  id: `scan-${++scans}`,
  depth: 'BINDINGS',
  population: EVERYBODY,
  budgetShare: 0.5,
  createdAtMs: 1_900_000_000_000,
  ...wish,
})

/** A user about which GenAuth knows little. */
export const toRow = (userId: string, found: Partial<CoverageRow> = {}): CoverageRow => ({
  userId,
  status: 'ACTIVATED',
  departmentIds: [],
  bindings: NOT_BOUND,
  enabledFactors: null,
  posture: null,
  lastMfaAtMs: null,
  lastSignInAtMs: null,
  readAtMs: 1_900_000_001_000,
  ...found,
})

/** The rows that a scan has read of one page. */
export const toPage = (rows: readonly CoverageRow[], page: Partial<ScanPage> = {}): ScanPage => ({
  rows,
  expected: rows.length,
  unreadable: 0,
  upstreamCalls: rows.length + 1,
  position: 'p1',
  ...page,
})

/** Creates a scan and claims it. */
export async function begin(store: ScanStore, wish: Partial<NewScan> = {}): Promise<ScanClaim> {
  const { id } = newScan(wish)
  await store.create(newScan({ ...wish, id }))
  const claimed = await store.claim(id, 1_900_000_000_500)
  if (claimed.kind !== 'CLAIMED') throw new Error(claimed.kind)
  return claimed.claim
}
