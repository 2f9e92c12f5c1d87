import { type RawBuilder, sql } from 'kysely'
import type { CoverageOrder } from '../../coverage/coverage-order.ts'
import type { Rows } from './fit-to.ts'

/** An order by a time and then by the place. `null` is the least of all, in both databases. */
interface TimeOrder {
  readonly time: RawBuilder<number>
  readonly comparison: RawBuilder<unknown>
  readonly direction: 'asc' | 'desc'
}

const TIME_ORDERS: Readonly<Record<Exclude<CoverageOrder, 'SCANNED'>, TimeOrder>> = {
  LAST_SIGN_IN_DESC: {
    time: sql`coalesce(last_sign_in_at, -1)`,
    comparison: sql`<`,
    direction: 'desc',
  },
  LAST_MFA_ASC: { time: sql`coalesce(last_mfa_at, -1)`, comparison: sql`>`, direction: 'asc' },
}

/** Lets the database sort the rows behind a place. It has to look at all of them. */
export function sortRows<O>(rows: Rows<O>, scanNo: number, order: CoverageOrder, after: number): Rows<O> {
  if (order === 'SCANNED') return rows.where('place', '>', after).orderBy('place')
  const { time, comparison, direction } = TIME_ORDERS[order]
  const sorted = rows.orderBy(time, direction).orderBy('place', direction)
  if (after === 0) return sorted
  const last = sql`(select ${time}, place from mfa_scan_rows where scan_no = ${scanNo} and place = ${after})`
  return sorted.where(sql<boolean>`(${time}, place) ${comparison} ${last}`)
}
