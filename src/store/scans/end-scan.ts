import type { CancelledScan, ScanClaim, ScanEnd } from '../../coverage/scan-store.ts'
import type { StoreTables, StoreTransaction } from '../tables.ts'
import { findScan } from './find-scan.ts'
import { BEGUN, DUE } from './list-of-scans.ts'
import { toScan } from './scan-row.ts'

/** See `ScanStore.end`. */
export async function endScan(
  db: StoreTables,
  { scan, epoch }: ScanClaim,
  end: ScanEnd,
): Promise<'ENDED' | 'FENCED'> {
  const ended = await db
    .updateTable('mfa_scans')
    .set({
      status: end.status,
      is_whole: end.status === 'SUCCEEDED' && end.isWhole ? 1 : 0,
      failure: end.status === 'FAILED' ? end.failure : null,
      pool_factors: end.poolFactors && JSON.stringify(end.poolFactors),
      finished_at: end.atMs,
    })
    .where('id', '=', scan.id)
    .where('epoch', '=', epoch)
    .where('status', 'in', BEGUN)
    .executeTakeFirst()
  return ended.numUpdatedRows === 1n ? 'ENDED' : 'FENCED'
}

/** See `ScanStore.cancel`. */
export async function cancelScan(db: StoreTransaction, id: string, atMs: number): Promise<CancelledScan> {
  const cancelled = await db
    .updateTable('mfa_scans')
    .set({ status: 'CANCELLED', finished_at: atMs })
    .where('id', '=', id)
    .where('status', 'in', DUE)
    .returningAll()
    .executeTakeFirst()
  if (cancelled !== undefined) return { kind: 'CANCELLED', scan: toScan(cancelled) }
  const scan = await findScan(db, id)
  return scan === null ? { kind: 'UNKNOWN' } : { kind: 'HAS_ENDED', scan }
}
