import type { Scan } from '../coverage/scan.ts'

/**
 * Returns the scan that runs next: the one that has begun, or else the oldest that waits.
 *
 * @param due the scans that have not ended, the oldest first
 * @returns `null` if there is none
 */
export function pickScan(due: readonly Scan[]): Scan | null {
  return due.find(scan => scan.status !== 'QUEUED') ?? due[0] ?? null
}
