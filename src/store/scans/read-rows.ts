import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import type { CoverageOrder } from '../../coverage/coverage-order.ts'
import type { CoveragePage, RowQuery } from '../../coverage/scan-store.ts'
import type { StoreTables, Tables } from '../tables.ts'
import { type Fitting, findFitting, readValues } from './known-values.ts'
import { countMembers, MANY_MEMBERS, toIsMember } from './members.ts'
import { toCoverageRow, toValueNos } from './scan-row.ts'

type Rows<O> = SelectQueryBuilder<Tables, 'mfa_scan_rows', O>

/** A scan, and the place behind its last row. */
export interface ScanNumbers {
  readonly no: number
  readonly nextPlace: number
}

/** An order by a time and then by the place. `null` is the least of all, in both databases. */
interface TimeOrder {
  readonly time: RawBuilder<number>
  readonly comparison: RawBuilder<unknown>
  readonly direction: 'asc' | 'desc'
}

const TIME_ORDERS: Readonly<Record<Exclude<CoverageOrder, 'SCANNED'>, TimeOrder>> = {
  LAST_SIGN_IN_DESC: {
    time: sql`coalesce(last_sign_in_at, -1)`,
    comparison: sql`<`,
    direction: 'desc',
  },
  LAST_MFA_ASC: { time: sql`coalesce(last_mfa_at, -1)`, comparison: sql`>`, direction: 'asc' },
}

/** Reads a page of a scan. */
export async function readRows(db: StoreTables, scan: ScanNumbers, query: RowQuery): Promise<CoveragePage> {
  const { filter, order, after, first } = query
  const fitting = await findFitting(db, scan.no, filter)
  if (fitting.atMost === 0) return { rows: [], hasMore: false }
  const fits = fitTo(db.selectFrom('mfa_scan_rows').selectAll(), scan.no, filter, fitting)
  // A page that is stored in the meantime may hold kinds that were not asked about.
  const known = fits.where('place', '<', scan.nextPlace)
  const inOrder =
    order === 'SCANNED' ? byPlace(known, after) : byTime(known, scan.no, TIME_ORDERS[order], after)
  const found = await inOrder.limit(first + 1).execute()
  const shown = found.slice(0, first)
  const toValue = await readValues(db, scan.no, shown.flatMap(toValueNos))
  return {
    rows: shown.map(row => ({ place: row.place, row: toCoverageRow(row, toValue) })),
    hasMore: found.length > first,
  }
}

export async function countRows(db: StoreTables, scanNo: number, filter: CoverageFilter): Promise<number> {
  const fitting = await findFitting(db, scanNo, filter)
  const isKnown = filter.departmentIds === null && filter.lastMfaBeforeMs === null
  if (isKnown || fitting.atMost === 0) return fitting.atMost
  if (fitting.departmentNos !== null && filter.lastMfaBeforeMs === null) {
    return countMembers(db, scanNo, fitting.departmentNos, fitting.kindNos)
  }
  const all = db.selectFrom('mfa_scan_rows').select(({ fn }) => fn.countAll<number>().as('rows'))
  const { rows } = await fitTo(all, scanNo, filter, fitting).executeTakeFirstOrThrow()
  return rows
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

/** Adds the conditions of a filter. */
function fitTo<O>(query: Rows<O>, scanNo: number, filter: CoverageFilter, fitting: Fitting): Rows<O> {
  const { kindNos, isEachKind, departmentNos, atMost } = fitting
  let rows = query.where('scan_no', '=', scanNo)
  if (!isEachKind) rows = rows.where('kind_no', 'in', kindNos)
  if (filter.lastMfaBeforeMs !== null) rows = rows.where('last_mfa_at', '<', filter.lastMfaBeforeMs)
  if (departmentNos === null) return rows
  const isMember = toIsMember(scanNo, departmentNos, kindNos)
  return atMost <= MANY_MEMBERS
    ? rows.where(
        sql<boolean>`place in (select member.place from mfa_scan_members as member where ${isMember})`,
      )
    : rows.where(
        sql<boolean>`exists (select 1 from mfa_scan_members as member where ${isMember}
          and member.kind_no = mfa_scan_rows.kind_no and member.place = mfa_scan_rows.place)`,
      )
}
