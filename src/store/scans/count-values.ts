import { sql } from 'kysely'
import type { CoverageRow } from '../../coverage/coverage-row.ts'
import { isWithoutBoundFactor } from '../../coverage/row-kind.ts'
import { inParts } from '../in-parts.ts'
import type { StoreTransaction } from '../tables.ts'
import { type ScanValue, toValues } from './row-values.ts'

/** Returns the number of a value that was counted. */
export type ToNumber = (value: ScanValue) => number

interface Count extends ScanValue {
  readonly users: number
  readonly without_bound: number
}

/**
 * Adds the rows to the counts of what they have in common. What the scan has not had yet gets a number. The caller holds
 * the lock of the scan.
 */
export async function countValues(
  db: StoreTransaction,
  scanNo: number,
  rows: readonly CoverageRow[],
): Promise<ToNumber> {
  const counts = count(rows)
  const numbers = await findNumbers(db, scanNo, [...counts.values()])
  const isComplete = [...counts.keys()].every(key => numbers.has(key))
  let last = isComplete ? 0 : await findLastNumber(db, scanNo)
  for (const key of counts.keys()) if (!numbers.has(key)) numbers.set(key, ++last)
  const toNumber: ToNumber = value => {
    const no = numbers.get(toKey(value))
    if (no === undefined) throw new Error('A value of a row was not counted')
    return no
  }
  const added = [...counts.values()].map(value => ({ ...value, scan_no: scanNo, no: toNumber(value) }))
  for (const part of inParts(added)) {
    await db
      .insertInto('mfa_scan_values')
      .values(part)
      .onConflict(conflict =>
        conflict.columns(['scan_no', 'no']).doUpdateSet({
          users: sql`mfa_scan_values.users + excluded.users`,
          without_bound: sql`mfa_scan_values.without_bound + excluded.without_bound`,
        }),
      )
      .execute()
  }
  return toNumber
}

function count(rows: readonly CoverageRow[]): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>()
  for (const row of rows) {
    const without = isWithoutBoundFactor(row) ? 1 : 0
    for (const value of toValues(row)) {
      const { users, without_bound } = counts.get(toKey(value)) ?? { users: 0, without_bound: 0 }
      counts.set(toKey(value), { ...value, users: users + 1, without_bound: without_bound + without })
    }
  }
  return counts
}

async function findNumbers(
  db: StoreTransaction,
  scanNo: number,
  values: readonly ScanValue[],
): Promise<Map<string, number>> {
  const numbers = new Map<string, number>()
  for (const part of inParts([...new Set(values.map(({ value }) => value))])) {
    const found = await db
      .selectFrom('mfa_scan_values')
      .select(['no', 'what', 'value'])
      .where('scan_no', '=', scanNo)
      .where('value', 'in', part)
      .execute()
    for (const one of found) numbers.set(toKey(one), one.no)
  }
  return numbers
}

async function findLastNumber(db: StoreTransaction, scanNo: number): Promise<number> {
  const { last } = await db
    .selectFrom('mfa_scan_values')
    .select(({ fn }) => fn.max('no').as('last'))
    .where('scan_no', '=', scanNo)
    .executeTakeFirstOrThrow()
  return last ?? 0
}

function toKey({ what, value }: ScanValue): string {
  return `${what} ${value}`
}
