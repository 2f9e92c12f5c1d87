import { sql } from 'kysely'
import type { CoverageRow } from '../../coverage/coverage-row.ts'
import type { ScanClaim, ScanPage, StoredPage } from '../../coverage/scan-store.ts'
import { fromIdBytes, toIdBytes } from '../id-bytes.ts'
import { inParts } from '../in-parts.ts'
import type { StoreTransaction } from '../tables.ts'
import { countValues } from './count-values.ts'
import { toDepartments, toEnabledFactors, toKind } from './row-values.ts'
import { toStoredRow } from './scan-row.ts'

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
    }))
    .where('id', '=', scan.id)
    .where('epoch', '=', epoch)
    .where('status', '=', 'RUNNING')
    .returning(['no', 'next_place'])
    .executeTakeFirst()
  if (held === undefined) return { kind: 'FENCED' }
  const rows = await leaveOutStored(db, held.no, page.rows)
  await storeRows(db, held.no, held.next_place, rows)
  await db
    .updateTable('mfa_scans')
    .set({ seen: sql`seen + ${rows.length}`, next_place: sql`next_place + ${rows.length}` })
    .where('no', '=', held.no)
    .execute()
  return { kind: 'STORED', inserted: rows.length }
}

async function leaveOutStored(
  db: StoreTransaction,
  scanNo: number,
  rows: readonly CoverageRow[],
): Promise<CoverageRow[]> {
  const byUser = new Map(rows.toReversed().map(row => [row.userId, row]))
  for (const part of inParts([...byUser.keys()])) {
    const stored = await db
      .selectFrom('mfa_scan_rows')
      .select('user_id')
      .where('scan_no', '=', scanNo)
      .where('user_id', 'in', part.map(toIdBytes))
      .execute()
    for (const { user_id } of stored) byUser.delete(fromIdBytes(user_id))
  }
  return rows.filter(row => byUser.get(row.userId) === row)
}

async function storeRows(
  db: StoreTransaction,
  scanNo: number,
  firstPlace: number,
  rows: readonly CoverageRow[],
): Promise<void> {
  const toNumber = await countValues(db, scanNo, rows)
  const found = rows.map((row, n) => {
    const enabledFactors = toEnabledFactors(row)
    const numbers = {
      scanNo,
      place: firstPlace + n,
      kindNo: toNumber(toKind(row)),
      enabledFactorsNo: enabledFactors && toNumber(enabledFactors),
      departmentNos: toDepartments(row).map(toNumber),
    }
    return { row, numbers }
  })
  for (const part of inParts(found)) {
    const stored = part.map(({ row, numbers }) => toStoredRow(row, numbers))
    await db.insertInto('mfa_scan_rows').values(stored).execute()
  }
  const members = found.flatMap(({ numbers: { place, kindNo, departmentNos } }) =>
    departmentNos.map(department_no => ({ scan_no: scanNo, department_no, kind_no: kindNo, place })),
  )
  for (const part of inParts(members)) await db.insertInto('mfa_scan_members').values(part).execute()
}
