import type { CallerContext } from '../mfa/call-context.ts'
import type { Result } from '../mfa/failure.ts'
import type { CoverageFilter } from './coverage-filter.ts'
import type { CoverageSummary } from './coverage-summary.ts'
import type { Scan } from './scan.ts'
import type { CoveragePage, RowQuery } from './scan-store.ts'
import type { WantedScan } from './wanted-scan.ts'

/** The scan that was asked for, or the one that reads the same already or waits for it. */
export interface StartedScan {
  readonly scan: Scan
  /** `false` if the scan was there before. */
  readonly isNew: boolean
}

/**
 * What one request of one caller may do with scans of many users. Each method rejects with a `StoreUnavailableError` if
 * the store cannot be used.
 */
export interface CoverageForCaller {
  /**
   * Puts a scan on record and into the queue. Paths of faults are relative to what is wanted. If too many scans wait, the
   * failure is `RATE_LIMITED` by this layer.
   *
   * @throws JournalUnavailableError if it cannot be recorded. Nothing is created then
   */
  start(wanted: WantedScan): Promise<Result<StartedScan>>
  /** Fails with `NOT_FOUND` or, if the scan has ended, with `WRONG_STATE`. */
  cancel(scanId: string): Promise<Result<Scan>>
  /**
   * Returns one scan. Without an id it is the newest that is whole, or else the newest.
   *
   * @returns `null` if there is none
   */
  find(scanId: string | null): Promise<Scan | null>
  /**
   * Returns when a scan will have ended if it goes on as it did so far. Milliseconds since 1970.
   *
   * @returns `null` if it does not run, or nothing can be said yet
   */
  estimateFinishMs(scan: Scan): number | null
  /** Returns all scans that are kept. The newest come first. */
  scans(): Promise<readonly Scan[]>
  rows(scanId: string, query: RowQuery): Promise<CoveragePage>
  /** @returns `null` if there is no such scan */
  count(scanId: string, filter: CoverageFilter): Promise<number | null>
  /** @returns `null` if there is no such scan */
  summary(scanId: string): Promise<CoverageSummary | null>
}

/** How the nightly scan fared at its hour. */
export type NightlyScan = 'CREATED' | 'ALREADY_THERE' | 'QUEUE_FULL'

export interface CoverageService {
  /** Binds the service to a request. */
  forCaller(context: CallerContext): CoverageForCaller
  /**
   * Puts a scan of all activated users, which nobody asked for, on record and into the queue.
   *
   * @throws JournalUnavailableError if it cannot be recorded. Nothing is created then
   * @throws StoreUnavailableError
   */
  startNightly(): Promise<NightlyScan>
}
