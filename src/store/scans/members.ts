import { type RawBuilder, sql } from 'kysely'
import type { StoreTables } from '../tables.ts'

/** Members up to this number are looked up. Of more, each row is asked whether it is one. */
export const MANY_MEMBERS = 3_000

/** The condition that a `member` is of one of the departments and of one of the kinds. Neither list is empty. */
export function toIsMember(
  scanNo: number,
  departmentNos: readonly number[],
  kindNos: readonly number[],
): RawBuilder<boolean> {
  return sql<boolean>`member.scan_no = ${scanNo} and member.department_no in (${sql.join(departmentNos)})
    and member.kind_no in (${sql.join(kindNos)})`
}

/** Counts the users of departments, each once. */
export async function countMembers(
  db: StoreTables,
  scanNo: number,
  departmentNos: readonly number[],
  kindNos: readonly number[],
): Promise<number> {
  const { users } = await db
    .selectFrom('mfa_scan_members as member')
    .select(({ fn }) =>
      (departmentNos.length === 1 ? fn.countAll<number>() : fn.count<number>('place').distinct()).as('users'),
    )
    .where(toIsMember(scanNo, departmentNos, kindNos))
    .executeTakeFirstOrThrow()
  return users
}

/** Counts members until there are many. A user of several departments counts in each. */
export async function countFewMembers(
  db: StoreTables,
  scanNo: number,
  departmentNos: readonly number[],
  kindNos: readonly number[],
): Promise<number> {
  if (departmentNos.length === 0 || kindNos.length === 0) return 0
  const some = db
    .selectFrom('mfa_scan_members as member')
    .select('place')
    .where(toIsMember(scanNo, departmentNos, kindNos))
    .limit(MANY_MEMBERS + 1)
  const { members } = await db
    .selectFrom(some.as('some'))
    .select(({ fn }) => fn.countAll<number>().as('members'))
    .executeTakeFirstOrThrow()
  return members
}
