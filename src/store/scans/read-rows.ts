import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import type { CoverageOrder } from '../../coverage/coverage-order.ts'
import type { CoveragePage, RowQuery } from '../../coverage/scan-store.ts'
import type { StoreTables, Tables } from '../tables.ts'
import { ANY_BOUND, FACTOR_BITS, POSTURE_CODES, STATUS_CODES } from './row-codes.ts'
import { toCoverageRow, toDepartmentNos } from './scan-row.ts'

type Rows<O> = SelectQueryBuilder<Tables, 'mfa_scan_rows', O>

/** An order by a time and then by the place. `null` is the least of all, in both databases. */
interface TimeOrder {
  readonly time: RawBuilder<number>
  readonly comparison: RawBuilder<unknown>
  readonly direction: 'asc' | 'desc'
}

const TIME_ORDERS: Readonly<Record<Exclude<CoverageOrder, 'SCANNED'>, TimeOrder>> = {
  LAST_SIGN_IN_DESC: {
    time: sql`coalesce(last_sign_in_at, 0)`,
    comparison: sql`<`,
    direction: 'desc',
  },
  LAST_MFA_ASC: { time: sql`coalesce(last_mfa_at, 0)`, comparison: sql`>`, direction: 'asc' },
}

/** Reads a page of a scan. */
export async function readRows(db: StoreTables, scanNo: number, query: RowQuery): Promise<CoveragePage> {
  const { filter, order, after, first } = query
  const departments = await findDepartments(db, scanNo, filter)
  const rows = fitting(db.selectFrom('mfa_scan_rows').selectAll(), scanNo, filter, departments)
  const inOrder = order === 'SCANNED' ? byPlace(rows, after) : byTime(rows, scanNo, TIME_ORDERS[order], after)
  const found = await inOrder.limit(first + 1).execute()
  const shown = found.slice(0, first)
  const ids = await nameDepartments(db, scanNo, shown.flatMap(toDepartmentNos))
  return {
    rows: shown.map(row => ({ place: row.place, row: toCoverageRow(row, ids) })),
    hasMore: found.length > first,
  }
}

function byPlace<O>(rows: Rows<O>, after: number): Rows<O> {
  return rows.where('place', '>', after).orderBy('place')
}

function byTime<O>(rows: Rows<O>, scanNo: number, order: TimeOrder, after: number): Rows<O> {
  const { time, comparison, direction } = order
  const sorted = rows.orderBy(time, direction).orderBy('place', direction)
  if (after === 0) return sorted
  const last = sql`(select ${time}, place from mfa_scan_rows where scan_no = ${scanNo} and place = ${after})`
  return sorted.where(sql<boolean>`(${time}, place) ${comparison} ${last}`)
}

export async function countRows(db: StoreTables, scanNo: number, filter: CoverageFilter): Promise<number> {
  const departments = await findDepartments(db, scanNo, filter)
  const all = db.selectFrom('mfa_scan_rows').select(({ fn }) => fn.countAll<number>().as('rows'))
  const { rows } = await fitting(all, scanNo, filter, departments).executeTakeFirstOrThrow()
  return rows
}

/** Adds the conditions of a filter. A column that is `null` fits none of them. */
function fitting<O>(
  query: Rows<O>,
  scanNo: number,
  filter: CoverageFilter,
  departments: readonly number[] | null,
): Rows<O> {
  const { postures, withoutBoundFactor, boundFactor, notBoundFactor } = filter
  const { neverVerified, lastMfaBeforeMs, statuses } = filter
  let rows = query.where('mfa_scan_rows.scan_no', '=', scanNo)
  if (postures !== null) rows = rows.where('posture', 'in', [0, ...postures.map(word => POSTURE_CODES[word])])
  if (statuses !== null) rows = rows.where('status', 'in', [0, ...statuses.map(word => STATUS_CODES[word])])
  if (withoutBoundFactor === true) rows = rows.where('bindings', '=', 0)
  if (withoutBoundFactor === false) rows = rows.where(sql`bindings & ${ANY_BOUND}`, '<>', 0)
  if (boundFactor !== null) rows = rows.where(sql`bindings & ${FACTOR_BITS[boundFactor].bound}`, '<>', 0)
  if (notBoundFactor !== null) {
    const { bound, untold } = FACTOR_BITS[notBoundFactor]
    rows = rows.where(sql`bindings & ${bound | untold}`, '=', 0)
  }
  if (neverVerified !== null) rows = rows.where('last_mfa_at', neverVerified ? 'is' : 'is not', null)
  if (lastMfaBeforeMs !== null) rows = rows.where('last_mfa_at', '<', lastMfaBeforeMs)
  if (departments === null) return rows
  return rows.where('place', 'in', members =>
    members
      .selectFrom('mfa_scan_members')
      .select('mfa_scan_members.place')
      .where('mfa_scan_members.scan_no', '=', scanNo)
      .where('department_no', 'in', [0, ...departments]),
  )
}

/** @returns `null` if the filter names no department. One that the scan has not seen has no number */
async function findDepartments(
  db: StoreTables,
  scanNo: number,
  { departmentIds }: CoverageFilter,
): Promise<number[] | null> {
  if (departmentIds === null) return null
  if (departmentIds.length === 0) return []
  const found = await db
    .selectFrom('mfa_scan_departments')
    .select('no')
    .where('scan_no', '=', scanNo)
    .where('department_id', 'in', departmentIds)
    .execute()
  return found.map(({ no }) => no)
}

async function nameDepartments(
  db: StoreTables,
  scanNo: number,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (numbers.length === 0) return new Map()
  const found = await db
    .selectFrom('mfa_scan_departments')
    .select(['no', 'department_id'])
    .where('scan_no', '=', scanNo)
    .where('no', 'in', [...new Set(numbers)])
    .execute()
  return new Map(found.map(({ no, department_id }) => [no, department_id]))
}
