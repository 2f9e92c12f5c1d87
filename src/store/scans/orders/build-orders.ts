import { COVERAGE_ORDERS, type CoverageOrder } from '../../../coverage/coverage-order.ts'
import type { ScanRowsTable } from '../../tables.ts'
import type { RunOnStore } from '../run-on-store.ts'
import type { ScanNumbers } from '../scan-numbers.ts'
import { letOthersRun } from './let-others-run.ts'
import { MAX_KIND_NO, MAX_PLACE, toEntryBytes } from './order-entries.ts'
import { hasPlaces, toOrderKey } from './order-key.ts'
import { sortInTurns } from './sort-in-turns.ts'

type Sortable = Pick<ScanRowsTable, 'place' | 'kind_no' | 'last_sign_in_at' | 'last_mfa_at'>

/** More would block the event loop for longer than a few milliseconds. */
const ROWS_AT_ONCE = 2_000
const ENTRIES_A_CHUNK = 1_000

/**
 * Writes down the orders of the rows of a scan that has ended, in chunks, so that a page finds its rows without reading
 * the others. Six bytes a row and order are less than an index would take. Without orders a page is read all the same.
 */
export async function buildOrders(run: RunOnStore, { no, nextPlace }: ScanNumbers): Promise<void> {
  const rows: Sortable[] = []
  for (let from = 1; from < nextPlace; from += ROWS_AT_ONCE) {
    const found = await run(db =>
      db
        .selectFrom('mfa_scan_rows')
        .select(['place', 'kind_no', 'last_sign_in_at', 'last_mfa_at'])
        .where('scan_no', '=', no)
        .where('place', '>=', from)
        .where('place', '<', from + ROWS_AT_ONCE)
        .orderBy('place')
        .execute(),
    )
    if (found.some(row => row.kind_no > MAX_KIND_NO || row.place > MAX_PLACE)) return
    rows.push(...found)
    await letOthersRun()
  }
  const isWithoutGap = (rows.at(-1)?.place ?? 0) - (rows[0]?.place ?? 1) === rows.length - 1
  if (!isWithoutGap) return
  for (const order of COVERAGE_ORDERS) {
    const sorted = await sortInTurns(rows, row => toOrderKey(order, row))
    await storeOrder(run, no, order, order === 'LAST_SIGN_IN_DESC' ? sorted.reverse() : sorted)
  }
}

/** Stores all chunks of an order or none. */
async function storeOrder(
  run: RunOnStore,
  scanNo: number,
  order: CoverageOrder,
  rows: readonly Sortable[],
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(rows.length / ENTRIES_A_CHUNK) }, (_, n) =>
    rows.slice(n * ENTRIES_A_CHUNK, (n + 1) * ENTRIES_A_CHUNK),
  )
  await run(db =>
    db.transaction().execute(async tables => {
      for (const [chunk_no, chunk] of chunks.entries()) {
        const [first] = chunk
        if (first === undefined) continue
        const start = { first_key: toOrderKey(order, first), first_place: first.place }
        const entries = toEntryBytes(
          chunk.map(({ place, kind_no }) => ({ place, kindNo: kind_no })),
          hasPlaces(order),
        )
        await tables
          .insertInto('mfa_scan_orders')
          .values({ scan_no: scanNo, order_by: order, chunk_no, ...start, entries })
          .onConflict(conflict => conflict.doNothing())
          .execute()
      }
    }),
  )
  await letOthersRun()
}
