import type { StoreTables } from '../../tables.ts'
import { StoredOrder } from './stored-order.ts'

/** The database sorts as many within a few milliseconds. */
const MANY = 3_000

/**
 * Finds all rows of some kinds that may have had their last MFA before a time, if there are not many.
 *
 * @returns `null` if there are many, or if the order was not written down
 */
export async function findEarlyPlaces(
  db: StoreTables,
  scanNo: number,
  beforeMs: number,
  kindNos: ReadonlySet<number>,
): Promise<number[] | null> {
  const order = await StoredOrder.find(db, scanNo, 'LAST_MFA_ASC')
  if (order === null) return null
  const found: number[] = []
  const wanted = {
    kindNos,
    after: null,
    from: order.firstChunkWithTime,
    until: order.chunksBefore(beforeMs),
  }
  for await (const places of order.places(wanted)) {
    found.push(...places)
    if (found.length > MANY) return null
  }
  return found
}

/**
 * Counts the rows of some kinds that had their last MFA before a time. Of most chunks all rows had.
 *
 * @returns `null` if the order was not written down
 */
export async function countEarlyRows(
  db: StoreTables,
  scanNo: number,
  beforeMs: number,
  kindNos: ReadonlySet<number>,
): Promise<number | null> {
  const order = await StoredOrder.find(db, scanNo, 'LAST_MFA_ASC')
  if (order === null) return null
  const last = order.chunksBefore(beforeMs) - 1
  const from = order.firstChunkWithTime
  let early = 0
  for await (const places of order.places({ kindNos, after: null, from, until: last })) early += places.length
  for await (const places of order.places({
    kindNos,
    after: null,
    from: Math.max(from, last),
    until: last + 1,
  })) {
    if (places.length === 0) continue
    const some = db.selectFrom('mfa_scan_rows').select(({ fn }) => fn.countAll<number>().as('rows'))
    const { rows } = await some
      .where('scan_no', '=', scanNo)
      .where('place', 'in', places)
      .where('last_mfa_at', '<', beforeMs)
      .executeTakeFirstOrThrow()
    early += rows
  }
  return early
}
