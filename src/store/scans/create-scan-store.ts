import { sql } from 'kysely'
import { MAX_QUEUED_SCANS, type Scan, type ScanStatus } from '../../coverage/scan.ts'
import type {
  CancelledScan,
  ClaimedScan,
  CreatedScan,
  NewScan,
  ScanStore,
} from '../../coverage/scan-store.ts'
import type { StoreTables, StoreTransaction } from '../tables.ts'
import { toPopulationText } from './population-text.ts'
import { countRows, readRows } from './read-rows.ts'
import { toScan } from './scan-row.ts'
import { storePage } from './store-page.ts'

/** Runs work on the open store, or rejects with a `StoreUnavailableError`. */
export type RunOnStore = <T>(work: (tables: StoreTables) => Promise<T>) => Promise<T>

const DUE: readonly ScanStatus[] = ['QUEUED', 'RUNNING', 'PAUSED']
const BEGUN: readonly ScanStatus[] = ['RUNNING', 'PAUSED']

export function createScanStore(run: RunOnStore): ScanStore {
  const together = <T>(work: (tables: StoreTransaction) => Promise<T>) =>
    run(tables => tables.transaction().execute(work))

  return {
    create: scan => together(tables => create(tables, scan)),
    find: id => run(tables => find(tables, id)),
    newest: count =>
      run(async tables => {
        const found = await tables
          .selectFrom('mfa_scans')
          .selectAll()
          .orderBy('no', 'desc')
          .limit(count)
          .execute()
        return found.map(toScan)
      }),
    due: () =>
      run(async tables => {
        const due = tables.selectFrom('mfa_scans').selectAll().where('status', 'in', DUE)
        return (await due.orderBy('no').execute()).map(toScan)
      }),
    claim: (id, atMs) => together(tables => claim(tables, id, atMs)),
    storePage: (held, page) => together(tables => storePage(tables, held, page)),
    end: ({ scan, epoch }, { status, isWhole, atMs }) =>
      run(async tables => {
        const ended = await tables
          .updateTable('mfa_scans')
          .set({ status, is_whole: isWhole ? 1 : 0, finished_at: atMs })
          .where('id', '=', scan.id)
          .where('epoch', '=', epoch)
          .where('status', 'in', BEGUN)
          .executeTakeFirst()
        if (ended.numUpdatedRows !== 1n) return 'FENCED'
        await analyze(tables)
        return 'ENDED'
      }),
    cancel: (id, atMs) => together(tables => cancel(tables, id, atMs)),
    rows: (id, query) =>
      run(async tables => {
        const no = await findNumber(tables, id)
        return no === null ? { rows: [], hasMore: false } : readRows(tables, no, query)
      }),
    count: (id, filter) =>
      run(async tables => {
        const no = await findNumber(tables, id)
        return no === null ? 0 : countRows(tables, no, filter)
      }),
    removeAllBut: newest =>
      run(async tables => {
        const kept = tables.selectFrom('mfa_scans').select('no').where('status', 'not in', DUE)
        const numbers = (await kept.orderBy('no', 'desc').limit(newest).execute()).map(({ no }) => no)
        await tables
          .deleteFrom('mfa_scans')
          .where('status', 'not in', DUE)
          .where('no', 'not in', [0, ...numbers])
          .execute()
      }),
  }
}

/** The lock of the only row lets one transaction after the other decide about the list of scans. */
async function lockScans(db: StoreTransaction, made: 0 | 1): Promise<number> {
  const { scans_made } = await db
    .updateTable('mfa_store')
    .set({ scans_made: sql`scans_made + ${made}` })
    .returning('scans_made')
    .executeTakeFirstOrThrow()
  return scans_made
}

async function create(
  db: StoreTransaction,
  { id, depth, population, createdAtMs }: NewScan,
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

async function claim(db: StoreTransaction, id: string, atMs: number): Promise<ClaimedScan> {
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

async function cancel(db: StoreTransaction, id: string, atMs: number): Promise<CancelledScan> {
  const cancelled = await db
    .updateTable('mfa_scans')
    .set({ status: 'CANCELLED', finished_at: atMs })
    .where('id', '=', id)
    .where('status', 'in', DUE)
    .returningAll()
    .executeTakeFirst()
  if (cancelled !== undefined) return { kind: 'CANCELLED', scan: toScan(cancelled) }
  const scan = await find(db, id)
  return scan === null ? { kind: 'UNKNOWN' } : { kind: 'HAS_ENDED', scan }
}

async function find(db: StoreTables, id: string): Promise<Scan | null> {
  const found = await db.selectFrom('mfa_scans').selectAll().where('id', '=', id).executeTakeFirst()
  return found === undefined ? null : toScan(found)
}

async function findNumber(db: StoreTables, id: string): Promise<number | null> {
  const found = await db.selectFrom('mfa_scans').select('no').where('id', '=', id).executeTakeFirst()
  return found?.no ?? null
}

/**
 * Lets the database count what the scan has added. Otherwise PostgreSQL sorts all rows for each page, until it counts by
 * itself. The scan has ended without this, too.
 */
async function analyze(db: StoreTables): Promise<void> {
  for (const table of ['mfa_scan_rows', 'mfa_scan_members']) {
    await sql`analyze ${sql.table(table)}`.execute(db).catch(() => {})
  }
}
