import type { StoreTransaction } from '../tables.ts'

/**
 * Returns the number of each department in a scan, and gives one to those that have none yet. The caller holds the lock
 * of the scan.
 */
export async function numberDepartments(
  db: StoreTransaction,
  scanNo: number,
  departmentIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(departmentIds)]
  if (wanted.length === 0) return new Map()
  const found = await db
    .selectFrom('mfa_scan_departments')
    .select(['no', 'department_id'])
    .where('scan_no', '=', scanNo)
    .where('department_id', 'in', wanted)
    .execute()
  const numbers = new Map(found.map(({ no, department_id }) => [department_id, no]))
  const missing = wanted.filter(id => !numbers.has(id))
  if (missing.length === 0) return numbers
  const { last } = await db
    .selectFrom('mfa_scan_departments')
    .select(({ fn }) => fn.max('no').as('last'))
    .where('scan_no', '=', scanNo)
    .executeTakeFirstOrThrow()
  const added = missing.map((department_id, n) => ({
    scan_no: scanNo,
    no: (last ?? 0) + 1 + n,
    department_id,
  }))
  await db.insertInto('mfa_scan_departments').values(added).execute()
  for (const { no, department_id } of added) numbers.set(department_id, no)
  return numbers
}
