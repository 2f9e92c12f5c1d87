import type { Scan } from '../coverage/scan.ts'

/** Returns `false` for a scan that has ended, and for one that does not exist. */
export function isDue(scan: Scan | null): boolean {
  switch (scan?.status) {
    case 'QUEUED':
    case 'RUNNING':
    case 'PAUSED':
      return true
    case 'SUCCEEDED':
    case 'FAILED':
    case 'CANCELLED':
    case undefined:
      return false
  }
}
