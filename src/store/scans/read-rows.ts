import type { Selectable } from 'kysely'
import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import type { CoveragePage, RowQuery } from '../../coverage/scan-store.ts'
import type { ScanRowsTable, StoreTables } from '../tables.ts'
import { fitTo } from './fit-to.ts'
import { type Fitting, findFitting, readValues } from './known-values.ts'
import { countMembers, MANY_MEMBERS } from './members.ts'
import { countWindow } from './orders/count-window.ts'
import { toTimeWindows } from './orders/time-window.ts'
import { walkRows } from './orders/walk-rows.ts'
import type { ScanNumbers } from './scan-numbers.ts'
import { toCoverageRow, toValueNos } from './scan-row.ts'
import { sortRows } from './sort-rows.ts'

type FoundRow = Selectable<ScanRowsTable>

/** Reads a page of a scan. */
export async function readRows(db: StoreTables, scan: ScanNumbers, query: RowQuery): Promise<CoveragePage> {
  const { filter, first } = query
  const fitting = await findFitting(db, scan.no, filter)
  if (fitting.atMost === 0) return { rows: [], hasMore: false }
  const isFewMembers = fitting.departmentNos !== null && fitting.atMost <= MANY_MEMBERS
  const walked = isFewMembers ? null : await walkRows(db, scan, query, fitting)
  const found = walked ?? (await findSorted(db, scan, query, fitting))
  const shown = found.slice(0, first)
  const toValue = await readValues(db, scan.no, shown.flatMap(toValueNos))
  return {
    rows: shown.map(row => ({ place: row.place, row: toCoverageRow(row, toValue) })),
    hasMore: found.length > first,
  }
}

async function findSorted(
  db: StoreTables,
  { no, nextPlace }: ScanNumbers,
  { filter, order, after, first }: RowQuery,
  fitting: Fitting,
): Promise<FoundRow[]> {
  const fits = fitTo(db.selectFrom('mfa_scan_rows').selectAll(), no, filter, fitting)
  // A page that is stored in the meantime may hold kinds that were not asked about.
  const known = fits.where('place', '<', nextPlace)
  return sortRows(known, no, order, after)
    .limit(first + 1)
    .execute()
}

export async function countRows(db: StoreTables, scan: ScanNumbers, filter: CoverageFilter): Promise<number> {
  const fitting = await findFitting(db, scan.no, filter)
  const { kindNos, departmentNos, atMost } = fitting
  const windows = toTimeWindows(filter)
  const [window] = windows
  if (atMost === 0) return 0
  if (window === undefined) {
    return departmentNos === null ? atMost : countMembers(db, scan.no, departmentNos, kindNos)
  }
  const all = db.selectFrom('mfa_scan_rows').select(({ fn }) => fn.countAll<number>().as('rows'))
  const fits = fitTo(all, scan.no, filter, fitting)
  if (departmentNos === null && windows.length === 1) {
    const counted = await countWindow(db, scan, window, kindNos, fits)
    if (counted !== null) return counted
  }
  return (await fits.executeTakeFirstOrThrow()).rows
}
