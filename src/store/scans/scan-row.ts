import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { CoverageRow } from '../../coverage/coverage-row.ts'
import type { Scan } from '../../coverage/scan.ts'
import type { ScanRowsTable, ScansTable } from '../tables.ts'
import { fromIdBytes, toIdBytes } from './id-bytes.ts'
import { parsePopulation } from './population-text.ts'
import { POSTURE_CODES, STATUS_CODES, toBindingBits, toBindings, toWord } from './row-codes.ts'

const codes = z.array(z.string())

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

/** @param departmentNos the number of each department of the row */
export function toStoredRow(
  row: CoverageRow,
  scanNo: number,
  place: number,
  departmentNos: readonly number[],
): Selectable<ScanRowsTable> {
  return {
    scan_no: scanNo,
    place,
    user_id: toIdBytes(row.userId),
    status: row.status && STATUS_CODES[row.status],
    department_nos: departmentNos.length === 0 ? null : departmentNos.join(),
    bindings: row.bindings && toBindingBits(row.bindings),
    enabled_factors: row.enabledFactors && JSON.stringify(row.enabledFactors),
    posture: row.posture && POSTURE_CODES[row.posture],
    last_mfa_at: row.lastMfaAtMs,
    last_sign_in_at: row.lastSignInAtMs,
    read_at: row.readAtMs,
  }
}

/** @param departmentIds the id of each number */
export function toCoverageRow(
  found: Selectable<ScanRowsTable>,
  departmentIds: ReadonlyMap<number, string>,
): CoverageRow {
  return {
    userId: fromIdBytes(found.user_id),
    status: toWord(STATUS_CODES, found.status),
    departmentIds: toDepartmentNos(found).flatMap(no => departmentIds.get(no) ?? []),
    bindings: found.bindings === null ? null : toBindings(found.bindings),
    enabledFactors: found.enabled_factors === null ? null : codes.parse(JSON.parse(found.enabled_factors)),
    posture: toWord(POSTURE_CODES, found.posture),
    lastMfaAtMs: found.last_mfa_at,
    lastSignInAtMs: found.last_sign_in_at,
    readAtMs: found.read_at,
  }
}

export function toDepartmentNos({ department_nos }: Pick<ScanRowsTable, 'department_nos'>): number[] {
  return department_nos === null ? [] : department_nos.split(',').map(Number)
}
