import type { Selectable } from 'kysely'
import type { CoverageRow } from '../../coverage/coverage-row.ts'
import type { Scan } from '../../coverage/scan.ts'
import { fromIdBytes, toIdBytes } from '../id-bytes.ts'
import type { ScanRowsTable, ScansTable } from '../tables.ts'
import { parseCodes, parseKind } from './kind-text.ts'
import { parsePopulation } from './population-text.ts'

export function toScan(found: Selectable<ScansTable>): Scan {
  return {
    id: found.id,
    depth: found.depth,
    population: parsePopulation(found.population),
    budgetShare: found.budget_share,
    status: found.status,
    createdAtMs: found.created_at,
    startedAtMs: found.started_at,
    finishedAtMs: found.finished_at,
    expected: found.expected,
    seen: found.seen,
    unreadable: found.unreadable,
    upstreamCalls: found.upstream_calls,
    isWhole: found.is_whole === 1,
    failure: found.failure,
  }
}

/** The numbers that a row is stored with. */
export interface RowNumbers {
  readonly scanNo: number
  readonly place: number
  readonly kindNo: number
  readonly enabledFactorsNo: number | null
  readonly departmentNos: readonly number[]
}

export function toStoredRow(row: CoverageRow, numbers: RowNumbers): Selectable<ScanRowsTable> {
  return {
    scan_no: numbers.scanNo,
    place: numbers.place,
    user_id: toIdBytes(row.userId),
    kind_no: numbers.kindNo,
    enabled_factors_no: numbers.enabledFactorsNo,
    department_nos: numbers.departmentNos.length === 0 ? null : numbers.departmentNos.join(),
    last_mfa_at: row.lastMfaAtMs,
    last_sign_in_at: row.lastSignInAtMs,
    read_at: row.readAtMs,
  }
}

/** The numbers of all that a stored row has in common with others. */
export function toValueNos(found: Selectable<ScanRowsTable>): number[] {
  const { kind_no, enabled_factors_no } = found
  return [kind_no, ...(enabled_factors_no === null ? [] : [enabled_factors_no]), ...toDepartmentNos(found)]
}

/** @param toValue returns the value of each number */
export function toCoverageRow(
  found: Selectable<ScanRowsTable>,
  toValue: (no: number) => string,
): CoverageRow {
  const { status, bindings, posture } = parseKind(toValue(found.kind_no))
  return {
    userId: fromIdBytes(found.user_id),
    status,
    departmentIds: toDepartmentNos(found).map(toValue),
    bindings,
    enabledFactors: found.enabled_factors_no === null ? null : parseCodes(toValue(found.enabled_factors_no)),
    posture,
    lastMfaAtMs: found.last_mfa_at,
    lastSignInAtMs: found.last_sign_in_at,
    readAtMs: found.read_at,
  }
}

function toDepartmentNos({ department_nos }: Pick<ScanRowsTable, 'department_nos'>): number[] {
  return department_nos === null ? [] : department_nos.split(',').map(Number)
}
