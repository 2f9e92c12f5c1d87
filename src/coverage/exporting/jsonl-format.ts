import type { ExportFormat } from './exported-row.ts'
import { toScanFacts } from './scan-facts.ts'
import { toIso } from './to-iso.ts'

/** Writes a scan as JSON, one object a line: the facts of the scan, then the rows. */
export const JSONL_FORMAT: ExportFormat = {
  mediaType: 'application/jsonl; charset=utf-8',
  head: exported => toLine({ scan: toScanFacts(exported) }),
  line({ row, person }) {
    const { userId, status, departmentIds, bindings, enabledFactors, posture } = row
    return toLine({
      userId,
      status,
      departmentIds,
      bound: bindings,
      enabledFactors,
      posture,
      lastMfaAt: toIso(row.lastMfaAtMs),
      lastSignInAt: toIso(row.lastSignInAtMs),
      readAt: toIso(row.readAtMs),
      // A key that is undefined is left out.
      person: person?.kind === 'FAILED' ? { failure: person.failure } : person?.person,
    })
  },
}

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}
