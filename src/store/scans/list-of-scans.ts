import { sql } from 'kysely'
import type { ScanStatus } from '../../coverage/scan.ts'
import type { StoreTransaction } from '../tables.ts'

/** The scans that have not ended. */
export const DUE: readonly ScanStatus[] = ['QUEUED', 'RUNNING', 'PAUSED']
/** Those of them that have begun. */
export const BEGUN: readonly ScanStatus[] = ['RUNNING', 'PAUSED']

/**
 * Locks the list of scans until the transaction ends, so that one after the other decides about it. The lock is that of
 * the only row of its table.
 *
 * @param adding how many scans are added
 * @returns the number of scans that were ever made
 */
export async function lockScans(db: StoreTransaction, adding: 0 | 1): Promise<number> {
  const { scans_made } = await db
    .updateTable('mfa_store')
    .set({ scans_made: sql`scans_made + ${adding}` })
    .returning('scans_made')
    .executeTakeFirstOrThrow()
  return scans_made
}
