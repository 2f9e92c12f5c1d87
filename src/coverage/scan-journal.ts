import type { ChangeRequest } from '../mfa/journal-port.ts'
import type { Scan, ScanRequest } from './scan.ts'

/** A scan that is about to be created. Its population holds ids and codes alone. */
export interface ScanStart extends ScanRequest {
  readonly scanId: string
  /** `null` for the nightly scan, which nobody asked for. */
  readonly request: ChangeRequest | null
}

/** How a scan that was on record came to its end, and how far it had come. */
export interface ScanConclusion
  extends Pick<Scan, 'failure' | 'expected' | 'seen' | 'unreadable' | 'upstreamCalls' | 'isWhole'> {
  readonly scanId: string
  /** The request that cancelled it. `null` if no caller ended it. */
  readonly request: ChangeRequest | null
  /** `NOT_CREATED`: it could not be stored, or the same scan was stored before it. */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'NOT_CREATED'
}

/** The record of who had many users read together. */
export interface ScanJournal {
  /**
   * Resolves when the record is durable. Only then may the scan be created.
   *
   * @throws JournalUnavailableError if it cannot be recorded
   */
  recordScanStart(start: ScanStart): Promise<void>
  /**
   * Records the end of a scan. It never rejects, because the scan has ended in any case: a record that is missing is
   * logged.
   */
  recordScanEnd(conclusion: ScanConclusion): Promise<void>
}
