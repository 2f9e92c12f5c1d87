import type { StoreTables } from '../../tables.ts'
import type { Rows } from '../fit-to.ts'
import type { ScanNumbers } from '../scan-numbers.ts'
import { StoredOrder } from './stored-order.ts'
import type { TimeWindow } from './time-window.ts'

/**
 * Counts the rows of some kinds that lie in a window. Only those of the chunks at its ends are judged one by one.
 *
 * @param fitting the rows that fit the filter
 * @returns `null` if the order was not written down
 */
export async function countWindow(
  db: StoreTables,
  scan: ScanNumbers,
  window: TimeWindow,
  kindNos: readonly number[],
  fitting: Rows<{ rows: number }>,
): Promise<number | null> {
  const order = await StoredOrder.find(db, scan, window.order)
  if (order === null) return null
  const { from, until } = order.chunksOf(window)
  let [chunk, counted] = [from, 0]
  for await (const places of order.places({ kindNos, after: null, from, until })) {
    const isAtEnd = chunk === from || chunk === until - 1
    chunk++
    if (!isAtEnd) counted += places.length
    else if (places.length > 0) {
      counted += (await fitting.where('place', 'in', places).executeTakeFirstOrThrow()).rows
    }
  }
  return counted
}
