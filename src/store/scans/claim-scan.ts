import type { ClaimedScan, ScanClaim } from '../../coverage/scan-store.ts'
import type { StoreTables, StoreTransaction } from '../tables.ts'
import { BEGUN, DUE, lockScans } from './list-of-scans.ts'
import { toScan } from './scan-row.ts'

/** See `ScanStore.claim`. */
export async function claimScan(db: StoreTransaction, id: string, atMs: number): Promise<ClaimedScan> {
  await lockScans(db, 0)
  const begun = await db.selectFrom('mfa_scans').select('id').where('status', 'in', BEGUN).execute()
  if (begun.some(scan => scan.id !== id)) return { kind: 'ANOTHER_RUNS' }
  const claimed = await db
    .updateTable('mfa_scans')
    .set(old => ({
      status: 'RUNNING' as const,
      epoch: old('epoch', '+', 1),
      started_at: old.fn.coalesce('started_at', old.val(atMs)),
    }))
    .where('id', '=', id)
    .where('status', 'in', DUE)
    .returningAll()
    .executeTakeFirst()
  if (claimed === undefined) return { kind: 'NOT_DUE' }
  return {
    kind: 'CLAIMED',
    claim: { scan: toScan(claimed), epoch: claimed.epoch, position: claimed.position },
  }
}

/** See `ScanStore.pause`. */
export async function pauseScan(db: StoreTables, { scan, epoch }: ScanClaim): Promise<'PAUSED' | 'FENCED'> {
  const paused = await db
    .updateTable('mfa_scans')
    .set({ status: 'PAUSED' })
    .where('id', '=', scan.id)
    .where('epoch', '=', epoch)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst()
  return paused.numUpdatedRows === 1n ? 'PAUSED' : 'FENCED'
}
