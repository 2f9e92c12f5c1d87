import type { CoverageRow } from '../../coverage/coverage-row.ts'
import { toRowKind } from '../../coverage/row-kind.ts'
import type { ValueOf } from '../tables.ts'
import { toKindText } from './kind-text.ts'

/** Something that rows of a scan have in common. Rows name it by a number. */
export interface ScanValue {
  readonly what: ValueOf
  readonly value: string
}

export function toKind(row: CoverageRow): ScanValue {
  return { what: 'KIND', value: toKindText(toRowKind(row)) }
}

export function toEnabledFactors({ enabledFactors }: CoverageRow): ScanValue | null {
  return enabledFactors && { what: 'ENABLED_FACTORS', value: JSON.stringify(enabledFactors) }
}

/** Each department once. */
export function toDepartments({ departmentIds }: CoverageRow): ScanValue[] {
  return [...new Set(departmentIds)].map(value => ({ what: 'DEPARTMENT', value }))
}

export function toValues(row: CoverageRow): ScanValue[] {
  return [toKind(row), toEnabledFactors(row), ...toDepartments(row)].filter(value => value !== null)
}
