import { sql } from 'kysely'
import { StoreUnavailableError } from '../../base/store-unavailable-error.ts'
import type { ScanStore } from '../../coverage/scan-store.ts'
import type { RunOnStore } from '../run-on-store.ts'
import type { StoreTables, StoreTransaction } from '../tables.ts'
import { claimScan, pauseScan } from './claim-scan.ts'
import { createScan } from './create-scan.ts'
import { cancelScan, endScan } from './end-scan.ts'
import { findScan } from './find-scan.ts'
import { parseFactors } from './kind-text.ts'
import { DUE } from './list-of-scans.ts'
import { buildOrders } from './orders/build-orders.ts'
import { countRows, readRows } from './read-rows.ts'
import { readSummary } from './read-summary.ts'
import { findNumbers } from './scan-numbers.ts'
import { toScan } from './scan-row.ts'
import { storePage } from './store-page.ts'

/** Keeps scans in the tables of an open store. */
export function createScanStore(runOn: RunOnStore): ScanStore {
  const run = <T>(work: (tables: StoreTables) => Promise<T>) => runOn(work, 'READ')
  const change = <T>(work: (tables: StoreTables) => Promise<T>) => runOn(work, 'CHANGE')
  const together = <T>(work: (tables: StoreTransaction) => Promise<T>) =>
    change(tables => tables.transaction().execute(work))

  return {
    create: scan => together(tables => createScan(tables, scan)),
    find: id => run(tables => findScan(tables, id)),
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
    claim: (id, atMs) => together(tables => claimScan(tables, id, atMs)),
    pause: held => change(tables => pauseScan(tables, held)),
    storePage: (held, page) => together(tables => storePage(tables, held, page)),
    end: async (held, end) => {
      const ended = await change(tables => endScan(tables, held, end))
      if (ended === 'ENDED') await prepareForReaders(runOn, held.scan.id)
      return ended
    },
    cancel: async (id, atMs) => {
      // There may be nothing to cancel, so it does not show that the store takes changes.
      const cancelled = await run(tables => tables.transaction().execute(work => cancelScan(work, id, atMs)))
      if (cancelled.kind === 'CANCELLED') await prepareForReaders(runOn, id)
      return cancelled
    },
    rows: (id, query) =>
      run(async tables => {
        const scan = await findNumbers(tables, id)
        return scan === null ? { rows: [], hasMore: false } : readRows(tables, scan, query)
      }),
    count: (id, filter) =>
      run(async tables => {
        const scan = await findNumbers(tables, id)
        return scan && countRows(tables, scan, filter)
      }),
    summary: id =>
      run(async tables => {
        const scan = await tables
          .selectFrom('mfa_scans')
          .select(['no', 'pool_factors'])
          .where('id', '=', id)
          .executeTakeFirst()
        if (scan === undefined) return null
        const { no, pool_factors } = scan
        return {
          ...(await readSummary(tables, no)),
          poolFactors: pool_factors === null ? null : parseFactors(pool_factors),
        }
      }),
    removeAllBut: newest =>
      change(async tables => {
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

/** Makes reading quick. The scan has ended without this, too. */
async function prepareForReaders(runOn: RunOnStore, id: string): Promise<void> {
  try {
    await runOn(analyze, 'CHANGE')
    const scan = await runOn(tables => findNumbers(tables, id), 'READ')
    if (scan !== null) await buildOrders(runOn, scan)
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error
  }
}

/**
 * Lets the database count what the scan has added. Otherwise PostgreSQL sorts all rows for each page, until it counts by
 * itself.
 */
async function analyze(db: StoreTables): Promise<void> {
  for (const table of ['mfa_scan_rows', 'mfa_scan_members']) {
    await sql`analyze ${sql.table(table)}`.execute(db)
  }
}
