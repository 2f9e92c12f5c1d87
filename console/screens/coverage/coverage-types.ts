import type { ResultOf, VariablesOf } from '../../api/document.ts'
import type { coverageScanFields, ShowCoverageDocument } from '../../generated/documents.ts'

export type Scan = ResultOf<typeof coverageScanFields>
type Payload = ResultOf<typeof ShowCoverageDocument>['mfaCoverage']
export type CoverageRead = Extract<Payload, { __typename: 'MfaCoverage' }>
export type Summary = CoverageRead['summary']
export type Rows = NonNullable<CoverageRead['rows']>
export type Row = Rows['edges'][number]['node']
export type CoverageFilter = NonNullable<VariablesOf<typeof ShowCoverageDocument>['filter']>
export type Factor = NonNullable<CoverageFilter['boundFactor']>
export type Posture = NonNullable<CoverageFilter['postures']>[number]
export type UserStatus = NonNullable<CoverageFilter['statuses']>[number]

/** Returns `true` once nothing of a scan will change any more, and `null` if nobody can say: its status is of a later version. */
export function hasEnded({ status }: Pick<Scan, 'status'>): boolean | null {
  switch (status) {
    case 'QUEUED':
    case 'RUNNING':
    case 'PAUSED':
      return false
    case 'SUCCEEDED':
    case 'FAILED':
    case 'CANCELLED':
      return true
    default:
      return null
  }
}

/** Each row of a page costs the caller a read, for its name. */
export const PAGE_ROWS = 25
