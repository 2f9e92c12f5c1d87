import { type SelectQueryBuilder, sql } from 'kysely'
import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import type { Tables } from '../tables.ts'
import type { Fitting } from './known-values.ts'
import { MANY_MEMBERS, toIsMember } from './members.ts'

export type Rows<O> = SelectQueryBuilder<Tables, 'mfa_scan_rows', O>

/** Adds the conditions of a filter. */
export function fitTo<O>(
  query: Rows<O>,
  scanNo: number,
  { lastMfaBeforeMs, lastSignInAfterMs, lastSignInBeforeMs }: CoverageFilter,
  { kindNos, isEachKind, departmentNos, atMost }: Fitting,
): Rows<O> {
  let rows = query.where('scan_no', '=', scanNo)
  if (!isEachKind) rows = rows.where('kind_no', 'in', kindNos)
  if (lastMfaBeforeMs !== null) rows = rows.where('last_mfa_at', '<', lastMfaBeforeMs)
  if (lastSignInAfterMs !== null) rows = rows.where('last_sign_in_at', '>=', lastSignInAfterMs)
  if (lastSignInBeforeMs !== null) rows = rows.where('last_sign_in_at', '<', lastSignInBeforeMs)
  if (departmentNos === null) return rows
  const isMember = toIsMember(scanNo, departmentNos, kindNos)
  return atMost <= MANY_MEMBERS
    ? rows.where(
        sql<boolean>`place in (select member.place from mfa_scan_members as member where ${isMember})`,
      )
    : rows.where(
        sql<boolean>`exists (select 1 from mfa_scan_members as member where ${isMember}
          and member.kind_no = mfa_scan_rows.kind_no and member.place = mfa_scan_rows.place)`,
      )
}
