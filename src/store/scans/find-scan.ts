import type { Scan } from '../../coverage/scan.ts'
import type { StoreTables } from '../tables.ts'
import { toScan } from './scan-row.ts'

/** @returns `null` if there is none */
export async function findScan(db: StoreTables, id: string): Promise<Scan | null> {
  const found = await db.selectFrom('mfa_scans').selectAll().where('id', '=', id).executeTakeFirst()
  return found === undefined ? null : toScan(found)
}
