import { MAX_QUEUED_SCANS } from '../../coverage/scan.ts'
import type { CreatedScan, NewScan } from '../../coverage/scan-store.ts'
import type { StoreTransaction } from '../tables.ts'
import { DUE, lockScans } from './list-of-scans.ts'
import { toPopulationText } from './population-text.ts'
import { toScan } from './scan-row.ts'

/** See `ScanStore.create`. */
export async function createScan(
  db: StoreTransaction,
  { id, depth, population, budgetShare, createdAtMs }: NewScan,
): Promise<CreatedScan> {
  const no = await lockScans(db, 1)
  const due = await db.selectFrom('mfa_scans').selectAll().where('status', 'in', DUE).orderBy('no').execute()
  const text = toPopulationText(population)
  const same = due.find(scan => scan.depth === depth && scan.population === text)
  if (same !== undefined) return { kind: 'ALREADY_THERE', scan: toScan(same) }
  if (due.filter(({ status }) => status === 'QUEUED').length >= MAX_QUEUED_SCANS)
    return { kind: 'QUEUE_FULL' }
  const created = await db
    .insertInto('mfa_scans')
    .values({
      no,
      id,
      depth,
      population: text,
      budget_share: budgetShare,
      status: 'QUEUED',
      created_at: createdAtMs,
      seen: 0,
      unreadable: 0,
      upstream_calls: 0,
      is_whole: 0,
      epoch: 0,
      next_place: 1,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { kind: 'CREATED', scan: toScan(created) }
}
