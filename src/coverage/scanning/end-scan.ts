import type { ScanRun } from '../run-scan.ts'
import type { ScanJournal } from '../scan-journal.ts'
import type { ScanClaim, ScanEnd, ScanStore } from '../scan-store.ts'

export interface EndScanParts {
  readonly store: Pick<ScanStore, 'find' | 'end'>
  readonly journal: Pick<ScanJournal, 'recordScanEnd'>
}

/**
 * Ends a scan whose pages are stored. The record comes first, so that each scan that has ended is on record. Call it
 * right after something was stored, which shows that the claim holds.
 */
export async function endScan(
  { store, journal }: EndScanParts,
  claim: ScanClaim,
  end: ScanEnd,
): Promise<Extract<ScanRun, 'ENDED' | 'FENCED'>> {
  const { id: scanId } = claim.scan
  const scan = await store.find(scanId)
  if (scan === null) return 'FENCED'
  const { expected, seen, unreadable, upstreamCalls } = scan
  await journal.recordScanEnd({
    scanId,
    request: null,
    status: end.status,
    failure: end.status === 'FAILED' ? end.failure : null,
    expected,
    seen,
    unreadable,
    upstreamCalls,
    isWhole: end.status === 'SUCCEEDED' && end.isWhole,
  })
  return store.end(claim, end)
}
