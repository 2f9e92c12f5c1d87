import { MFA_FACTOR_TYPES } from '../../mfa/factor.ts'
import type { CoverageRow } from '../coverage-row.ts'
import { toCsvRecord } from './csv-record.ts'
import type { ExportedRow, ExportFormat, LookedUpPerson } from './exported-row.ts'
import { toFilterText } from './filter-facts.ts'
import { toScanFacts } from './scan-facts.ts'
import { toIso } from './to-iso.ts'

const COLUMNS = [
  'userId',
  'status',
  'departmentIds',
  ...MFA_FACTOR_TYPES.map(type => `bound${type}`),
  'enabledFactors',
  'posture',
  'lastMfaAt',
  'lastSignInAt',
  'readAt',
]
const PERSON_COLUMNS = ['person', 'displayName', 'username', 'email', 'phone']
/** Without it, spreadsheets read names in the wrong alphabet. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Writes a scan as CSV. First come the facts of the scan, one a line, then the names of the columns, then the rows. Each
 * line has the same number of fields.
 */
export function createCsvFormat(hasPeople: boolean): ExportFormat {
  const columns = hasPeople ? [...COLUMNS, ...PERSON_COLUMNS] : COLUMNS
  const empty = Array<null>(columns.length - 2).fill(null)
  return {
    mediaType: 'text/csv; charset=utf-8; header=present',
    head(exported) {
      const { id, ...others } = toScanFacts(exported)
      const facts = Object.entries({ scan: id, ...others, filter: toFilterText(others.filter) })
      const lines = facts.map(([name, value]) =>
        toCsvRecord([name, value === null ? null : `${value}`, ...empty]),
      )
      return [hasPeople ? BYTE_ORDER_MARK : '', ...lines, toCsvRecord(columns)].join('')
    },
    line: ({ row, person }: ExportedRow) => toCsvRecord([...toFields(row), ...toPersonFields(person)]),
  }
}

/** An empty field is what is not known. An empty list is `NONE`. */
function toFields(row: CoverageRow): (string | null)[] {
  const { bindings, enabledFactors } = row
  return [
    row.userId,
    row.status,
    toList(row.departmentIds),
    ...MFA_FACTOR_TYPES.map(type => toText(bindings?.[type] ?? null)),
    enabledFactors && toList(enabledFactors),
    row.posture,
    toIso(row.lastMfaAtMs),
    toIso(row.lastSignInAtMs),
    toIso(row.readAtMs),
  ]
}

function toPersonFields(looked: LookedUpPerson | null): (string | null)[] {
  switch (looked?.kind) {
    case undefined:
      return []
    case 'FOUND': {
      const { displayName, username, email, phone } = looked.person
      return [looked.kind, displayName, username, email, phone]
    }
    case 'FAILED':
      return [looked.failure, null, null, null, null]
  }
}

function toList(texts: readonly string[]): string {
  return texts.length === 0 ? 'NONE' : texts.join(' ')
}

function toText(value: boolean | null): string | null {
  return value === null ? null : `${value}`
}
