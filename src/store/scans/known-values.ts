import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import { fitsKind } from '../../coverage/row-kind.ts'
import { inParts } from '../in-parts.ts'
import type { StoreTables } from '../tables.ts'
import { parseKind } from './kind-text.ts'
import { countFewMembers } from './members.ts'

/** What the rows that fit a filter have in common with others. */
export interface Fitting {
  readonly kindNos: readonly number[]
  /** `true` if rows of each kind fit. */
  readonly isEachKind: boolean
  readonly departmentNos: readonly number[] | null
  /** How many rows may fit at most. Of members of departments it need not be counted further than to many. */
  readonly atMost: number
}

/** Finds what a filter asks about among the values of a scan. A department that the scan has not seen has no number. */
export async function findFitting(db: StoreTables, scanNo: number, filter: CoverageFilter): Promise<Fitting> {
  const kinds = await db
    .selectFrom('mfa_scan_values')
    .select(['no', 'value', 'users'])
    .where('scan_no', '=', scanNo)
    .where('what', '=', 'KIND')
    .execute()
  const fitting = kinds.filter(({ value }) => fitsKind(parseKind(value), filter))
  const kindNos = fitting.map(({ no }) => no)
  const departmentNos = filter.departmentIds && (await findDepartments(db, scanNo, filter.departmentIds))
  const users = fitting.reduce((all, kind) => all + kind.users, 0)
  return {
    kindNos,
    isEachKind: fitting.length === kinds.length,
    departmentNos,
    atMost: departmentNos === null ? users : await countFewMembers(db, scanNo, departmentNos, kindNos),
  }
}

async function findDepartments(db: StoreTables, scanNo: number, ids: readonly string[]): Promise<number[]> {
  const numbers: number[] = []
  for (const part of inParts(ids)) {
    const some = db.selectFrom('mfa_scan_values').select('no').where('scan_no', '=', scanNo)
    const found = await some.where('value', 'in', part).where('what', '=', 'DEPARTMENT').execute()
    numbers.push(...found.map(({ no }) => no))
  }
  return numbers
}

/** Returns the value of each of the numbers. */
export async function readValues(
  db: StoreTables,
  scanNo: number,
  numbers: readonly number[],
): Promise<(no: number) => string> {
  const values = new Map<number, string>()
  for (const part of inParts([...new Set(numbers)])) {
    const found = await db
      .selectFrom('mfa_scan_values')
      .select(['no', 'value'])
      .where('scan_no', '=', scanNo)
      .where('no', 'in', part)
      .execute()
    for (const { no, value } of found) values.set(no, value)
  }
  return no => {
    const value = values.get(no)
    if (value === undefined) throw new Error('A row names a value that is not there')
    return value
  }
}
