import type { StoreTables } from '../../tables.ts'
import type { ScanNumbers } from '../scan-numbers.ts'
import { StoredOrder } from './stored-order.ts'
import type { TimeWindow } from './time-window.ts'

/** The database sorts as many within a few milliseconds. */
const MANY = 3_000

/**
 * Finds all rows of some kinds that may lie in a window, if there are not many. The rows at its ends are still to be
 * judged.
 *
 * @returns `null` if there are many, or if the order was not written down
 */
export async function findFewPlaces(
  db: StoreTables,
  scan: ScanNumbers,
  window: TimeWindow,
  kindNos: readonly number[],
): Promise<number[] | null> {
  const order = await StoredOrder.find(db, scan, window.order)
  if (order === null) return null
  const found: number[] = []
  for await (const places of order.places({ kindNos, after: null, ...order.chunksOf(window) })) {
    found.push(...places)
    if (found.length > MANY) return null
  }
  return found
}
