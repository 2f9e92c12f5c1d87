import { COVERAGE_ORDERS, type CoverageOrder } from '../../../coverage/coverage-order.ts'
import { inParts } from '../../in-parts.ts'
import type { RunOnStore } from '../../run-on-store.ts'
import type { ScanNumbers } from '../scan-numbers.ts'
import { letOthersRun } from './let-others-run.ts'
import { ENTRIES_A_CHUNK, MAX_KIND_NO, MAX_PLACE, toEntryBytes } from './order-entries.ts'
import { hasPlaces } from './order-key.ts'
import { RowColumns } from './row-columns.ts'
import { sortInTurns } from './sort-in-turns.ts'

/** More would block the event loop for longer than a few milliseconds. */
const ROWS_AT_ONCE = 2_000
const CHUNKS_AT_ONCE = 20

/**
 * Writes down the orders of the rows of a scan that has ended, in chunks, so that a page finds its rows without reading
 * the others. Five bytes a row and order are less than an index would take. Without orders, or with some chunks of one,
 * a page is read all the same.
 */
export async function buildOrders(run: RunOnStore, scan: ScanNumbers): Promise<void> {
  if (scan.nextPlace > MAX_PLACE) return
  const columns = new RowColumns(scan.nextPlace - 1)
  for (let from = 1; from < scan.nextPlace; from += ROWS_AT_ONCE) {
    const found = await run(
      db =>
        db
          .selectFrom('mfa_scan_rows')
          .select(['place', 'kind_no', 'last_sign_in_at', 'last_mfa_at'])
          .where('scan_no', '=', scan.no)
          .where('place', '>=', from)
          .where('place', '<', Math.min(from + ROWS_AT_ONCE, scan.nextPlace))
          .orderBy('place')
          .execute(),
      'READ',
    )
    for (const row of found) {
      if (row.kind_no > MAX_KIND_NO) return
      columns.add(row)
    }
    await letOthersRun()
  }
  if (!columns.isComplete) return
  for (const order of COVERAGE_ORDERS) {
    const sorted = await sortInTurns(columns.places, place => columns.keyOf(order, place))
    await storeOrder(run, scan.no, order, order === 'LAST_SIGN_IN_DESC' ? sorted.reverse() : sorted, columns)
  }
}

async function storeOrder(
  run: RunOnStore,
  scanNo: number,
  order: CoverageOrder,
  places: readonly number[],
  columns: RowColumns,
): Promise<void> {
  const chunks = inParts(places, ENTRIES_A_CHUNK).map((chunk, chunk_no) => {
    const [first_place = 0] = chunk
    const entries = chunk.map(place => ({ place, kindNo: columns.kindOf(place) }))
    return {
      scan_no: scanNo,
      order_by: order,
      chunk_no,
      first_key: columns.keyOf(order, first_place),
      first_place,
      entries: toEntryBytes(entries, hasPlaces(order)),
    }
  })
  for (const part of inParts(chunks, CHUNKS_AT_ONCE)) {
    await run(db => db.insertInto('mfa_scan_orders').values(part).execute(), 'CHANGE')
    await letOthersRun()
  }
}
