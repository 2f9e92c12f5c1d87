import type { Selectable } from 'kysely'
import type { RowQuery } from '../../../coverage/scan-store.ts'
import type { ScanRowsTable, StoreTables } from '../../tables.ts'
import { fitTo } from '../fit-to.ts'
import type { Fitting } from '../known-values.ts'
import type { ScanNumbers } from '../scan-numbers.ts'
import { sortRows } from '../sort-rows.ts'
import { findFewPlaces } from './find-few-places.ts'
import { toOrderKey } from './order-key.ts'
import { type OrderPosition, StoredOrder } from './stored-order.ts'
import { toTimeWindows } from './time-window.ts'

type FoundRow = Selectable<ScanRowsTable>

/** Rows that are asked about together where a kind does not tell whether they fit. */
const CANDIDATES_AT_ONCE = 250

/**
 * Finds the rows of a page, and one more, by the orders that were written down at the end of the scan.
 *
 * @returns `null` if they were not written down
 */
export async function walkRows(
  db: StoreTables,
  scan: ScanNumbers,
  query: RowQuery,
  fitting: Fitting,
): Promise<FoundRow[] | null> {
  const { filter, order: name, after, first } = query
  const order = await StoredOrder.find(db, scan, name)
  if (order === null) return null
  const limit = first + 1
  const rows = fitTo(db.selectFrom('mfa_scan_rows').selectAll(), scan.no, filter, fitting)
  const { kindNos } = fitting
  const windows = toTimeWindows(filter)

  for (const window of windows) {
    const few = await findFewPlaces(db, scan, window, kindNos)
    if (few === null) continue
    if (few.length === 0) return []
    return sortRows(rows.where('place', 'in', few), scan.no, name, after)
      .limit(limit)
      .execute()
  }

  const position = await findPosition(db, scan.no, query)
  if (position === 'NOWHERE') return []
  const own = windows.find(window => window.order === name)
  const chunks = own === undefined ? { from: 0, until: Number.POSITIVE_INFINITY } : order.chunksOf(own)
  const isKnownByKind = windows.length === 0 && filter.departmentIds === null
  const atOnce = isKnownByKind ? limit : CANDIDATES_AT_ONCE
  const found: FoundRow[] = []
  let candidates: number[] = []
  const take = async () => {
    const part = candidates.slice(0, atOnce)
    candidates = candidates.slice(atOnce)
    const fit = part.length === 0 ? [] : await rows.where('place', 'in', part).execute()
    const byPlace = new Map(fit.map(row => [row.place, row]))
    found.push(...part.flatMap(place => byPlace.get(place) ?? []))
  }
  for await (const places of order.places({ kindNos, after: position, ...chunks })) {
    candidates = [...candidates, ...places]
    while (candidates.length >= atOnce && found.length < limit) await take()
    if (found.length >= limit) break
  }
  if (found.length < limit) await take()
  return found.slice(0, limit)
}

/** @returns `null` for the beginning, `NOWHERE` if the scan has no such row */
async function findPosition(
  db: StoreTables,
  scanNo: number,
  { order, after }: RowQuery,
): Promise<OrderPosition | 'NOWHERE' | null> {
  if (after === 0) return null
  const last = await db
    .selectFrom('mfa_scan_rows')
    .select(['last_sign_in_at', 'last_mfa_at'])
    .where('scan_no', '=', scanNo)
    .where('place', '=', after)
    .executeTakeFirst()
  if (last === undefined) return 'NOWHERE'
  return { key: toOrderKey(order, { place: after, ...last }), place: after }
}
