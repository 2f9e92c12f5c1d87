import type { CancelledScan, ScanClaim, ScanEnd } from '../../coverage/scan-store.ts'
import type { StoreTransaction } from '../tables.ts'
import { findScan } from './find-scan.ts'
import { BEGUN, DUE } from './list-of-scans.ts'
import { toScan } from './scan-row.ts'
import { summarize } from './summarize.ts'

/** See `ScanStore.end`. The counts of all rows are made here, once. */
export async function endScan(
  db: StoreTransaction,
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
    .returning('no')
    .executeTakeFirst()
  if (ended === undefined) return 'FENCED'
  const summary = JSON.stringify(await summarize(db, ended.no))
  await db.updateTable('mfa_scans').set({ summary }).where('no', '=', ended.no).execute()
  return 'ENDED'
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
