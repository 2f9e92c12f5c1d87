import { sql } from 'kysely'
import type { ScanClaim, ScanPage, StoredPage } from '../../coverage/scan-store.ts'
import type { StoreTransaction } from '../tables.ts'
import { numberDepartments } from './department-numbers.ts'
import { toDepartmentNos, toStoredRow } from './scan-row.ts'

/** Both databases take more values in one statement. */
const ROWS_AT_ONCE = 500

/** Stores a page if the claim still holds. The first statement locks the scan until the transaction ends. */
export async function storePage(
  db: StoreTransaction,
  { scan, epoch }: ScanClaim,
  page: ScanPage,
): Promise<StoredPage> {
  const held = await db
    .updateTable('mfa_scans')
    .set(old => ({
      position: page.position,
      expected: old.fn.coalesce('expected', old.val(page.expected)),
      unreadable: old('unreadable', '+', page.unreadable),
      upstream_calls: old('upstream_calls', '+', page.upstreamCalls),
      next_place: old('next_place', '+', page.rows.length),
    }))
    .where('id', '=', scan.id)
    .where('epoch', '=', epoch)
    .where('status', '=', 'RUNNING')
    .returning(['no', 'next_place'])
    .executeTakeFirst()
  if (held === undefined) return { kind: 'FENCED' }
  const { no } = held
  const firstPlace = held.next_place - page.rows.length
  const numbers = await numberDepartments(
    db,
    no,
    page.rows.flatMap(row => row.departmentIds),
  )
  const rows = page.rows.map((row, n) => {
    const departmentNos = [...new Set(row.departmentIds)].flatMap(id => numbers.get(id) ?? [])
    return toStoredRow(row, no, firstPlace + n, departmentNos)
  })
  let inserted = 0
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const stored = await db
      .insertInto('mfa_scan_rows')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .onConflict(conflict => conflict.columns(['scan_no', 'user_id']).doNothing())
      .returning(['place', 'department_nos'])
      .execute()
    inserted += stored.length
    const members = stored.flatMap(row =>
      toDepartmentNos(row).map(department_no => ({ scan_no: no, department_no, place: row.place })),
    )
    for (let m = 0; m < members.length; m += ROWS_AT_ONCE) {
      await db
        .insertInto('mfa_scan_members')
        .values(members.slice(m, m + ROWS_AT_ONCE))
        .execute()
    }
  }
  await db
    .updateTable('mfa_scans')
    .set({ seen: sql`seen + ${inserted}` })
    .where('no', '=', no)
    .execute()
  return { kind: 'STORED', inserted }
}
