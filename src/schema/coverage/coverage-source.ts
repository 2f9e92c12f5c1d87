import type { CoverageFilter } from '../../coverage/coverage-filter.ts'
import type { ScanSource } from './scan.ts'

/** A scan, and the rows of it that fit a filter. */
export interface CoverageSource extends ScanSource {
  readonly filter: CoverageFilter
}
