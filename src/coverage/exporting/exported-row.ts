import type { MfaFailureKind } from '../../mfa/failure.ts'
import type { CoverageFilter } from '../coverage-filter.ts'
import type { CoverageRow } from '../coverage-row.ts'
import type { Scan } from '../scan.ts'

/** The rows of a scan that are written out. */
export interface ExportedScan {
  readonly scan: Scan
  readonly filter: CoverageFilter
  /** How many rows fitted the filter when the export began. */
  readonly rows: number
  /** The time at which it began. */
  readonly atMs: number
}

/** What a person is recognised by, masked. `null` if the user has none. */
export interface ExportedPerson {
  readonly displayName: string | null
  readonly username: string | null
  readonly email: string | null
  readonly phone: string | null
}

/** Who the user of a row is, or why that is not known. */
export type LookedUpPerson =
  | { readonly kind: 'FOUND'; readonly person: ExportedPerson }
  | { readonly kind: 'FAILED'; readonly failure: MfaFailureKind }

export interface ExportedRow {
  readonly row: CoverageRow
  /** `null` if nobody asked for the people. */
  readonly person: LookedUpPerson | null
}

/** A way of writing a scan as text. */
export interface ExportFormat {
  readonly mediaType: string
  /** The lines before the rows. */
  head(exported: ExportedScan): string
  /** One line. */
  line(row: ExportedRow): string
}
