import type { ScanConclusion, ScanStart } from '../../coverage/scan-journal.ts'
import type { ChangeRequest } from '../../mfa/journal-port.ts'
import { toRequestOnRecord, toTime } from './draft-parts.ts'
import type { DraftOf } from './journal-record.ts'

/** Creates the record of a scan that is about to be created. It has ids and codes, no contact and no name. */
export function toScanStartedDraft(
  { request, scanId, depth, budgetShare, population }: ScanStart,
  nowMs: number,
): DraftOf<'scanStarted'> {
  return {
    kind: 'scanStarted',
    time: toTime(nowMs),
    ...toScanRequest(request),
    scan: scanId,
    depth,
    budgetShare,
    population: {
      departments: population.departments.map(({ departmentId, includesChildren, organizationCode }) => ({
        departmentId,
        includesChildren,
        organizationCode,
      })),
      exceptGroups: [...population.exceptGroups],
      exceptUserIds: [...population.exceptUserIds],
      groups: [...population.groups],
      lastSignInAfter: toTimeOrNull(population.lastSignInAfterMs),
      lastSignInBefore: toTimeOrNull(population.lastSignInBeforeMs),
      signedInTo: [...population.signedInTo],
      statuses: [...population.statuses],
    },
  }
}

/** Creates the record of the end of a scan. */
export function toScanEndedDraft(conclusion: ScanConclusion, nowMs: number): DraftOf<'scanEnded'> {
  const { request, scanId, status, failure, expected, seen, unreadable, upstreamCalls, isWhole } = conclusion
  return {
    kind: 'scanEnded',
    time: toTime(nowMs),
    ...toScanRequest(request),
    scan: scanId,
    status,
    failure,
    expected,
    seen,
    unreadable,
    upstreamCalls,
    isWhole,
  }
}

function toScanRequest(request: ChangeRequest | null) {
  return request === null ? { requestId: null, traceId: null, caller: null } : toRequestOnRecord(request)
}

function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}
