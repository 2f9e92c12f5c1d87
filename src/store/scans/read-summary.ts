import { countCoverage } from '../../coverage/count-coverage.ts'
import type { CoverageSummary } from '../../coverage/coverage-summary.ts'
import type { StoreTables } from '../tables.ts'
import { parseCodes, parseKind } from './kind-text.ts'

/** Adds up what was counted with each page. No row is read. */
export async function readSummary(
  db: StoreTables,
  scanNo: number,
): Promise<Omit<CoverageSummary, 'poolFactors'>> {
  const values = await db
    .selectFrom('mfa_scan_values')
    .select(['what', 'value', 'users', 'without_bound'])
    .where('scan_no', '=', scanNo)
    .execute()
  return countCoverage({
    kinds: values
      .filter(({ what }) => what === 'KIND')
      .map(({ value, users }) => ({ kind: parseKind(value), users })),
    enabledFactors: values
      .filter(({ what }) => what === 'ENABLED_FACTORS')
      .map(({ value, users }) => ({ codes: parseCodes(value), users })),
    departments: values
      .filter(({ what }) => what === 'DEPARTMENT')
      .map(({ value, users, without_bound }) => ({
        departmentId: value,
        users,
        withoutBoundFactor: without_bound,
      })),
  })
}
