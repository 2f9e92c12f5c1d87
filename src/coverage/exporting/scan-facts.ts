import type { Scan } from '../scan.ts'
import type { ExportedScan } from './exported-row.ts'
import { type FilterFacts, toFilterFacts } from './filter-facts.ts'
import { toIso } from './to-iso.ts'

/** What an export says of its scan, in this order. */
export interface ScanFacts
  extends Pick<Scan, 'id' | 'status' | 'depth' | 'isWhole' | 'failure' | 'expected' | 'unreadable'> {
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly exportedAt: string
  /** Seconds since the scan ended. `null` if it has not. */
  readonly ageSeconds: number | null
  readonly filter: FilterFacts
  /** The rows that follow. A file with fewer was cut off. */
  readonly rows: number
}

export function toScanFacts({ scan, atMs, filter, rows }: ExportedScan): ScanFacts {
  const { id, status, depth, isWhole, failure, expected, unreadable, startedAtMs, finishedAtMs } = scan
  return {
    id,
    status,
    depth,
    isWhole,
    failure,
    startedAt: toIso(startedAtMs),
    finishedAt: toIso(finishedAtMs),
    exportedAt: new Date(atMs).toISOString(),
    ageSeconds: finishedAtMs === null ? null : Math.max(0, Math.round((atMs - finishedAtMs) / 1_000)),
    expected,
    filter: toFilterFacts(filter),
    rows,
    unreadable,
  }
}
