import type { MfaFactorType } from '../mfa/factor.ts'
import type { CoverageFilter } from './coverage-filter.ts'
import type { CoverageOrder } from './coverage-order.ts'
import type { CoverageRow } from './coverage-row.ts'
import type { CoverageSummary } from './coverage-summary.ts'

import type { Scan, ScanFailure, ScanRequest } from './scan.ts'

export interface NewScan extends ScanRequest {
  readonly id: string
  readonly createdAtMs: number
}

export type CreatedScan =
  | { readonly kind: 'CREATED'; readonly scan: Scan }
  /** The same is already being read, or waits for it. */
  | { readonly kind: 'ALREADY_THERE'; readonly scan: Scan }
  | { readonly kind: 'QUEUE_FULL' }

/**
 * The right to write the results of a scan. Each claim has a higher epoch than the one before, so that an owner that was
 * frozen and wakes up can store nothing any more.
 */
export interface ScanClaim {
  readonly scan: Scan
  readonly epoch: number
  /** The end of the last stored page. Only the runner of scans reads this text. `null` before the first page. */
  readonly position: string | null
}

export type ClaimedScan =
  | { readonly kind: 'CLAIMED'; readonly claim: ScanClaim }
  /** Another scan has begun and has not ended. */
  | { readonly kind: 'ANOTHER_RUNS' }
  /** There is no such scan, or it has ended. */
  | { readonly kind: 'NOT_DUE' }

/** What a scan has read since the last page that it stored. */
export interface ScanPage {
  readonly rows: readonly CoverageRow[]
  /** The users that GenAuth counts now. The first page decides. */
  readonly expected: number
  readonly unreadable: number
  readonly upstreamCalls: number
  readonly position: string
}

export type StoredPage =
  /** `inserted` leaves out users that are already there. Their first row stays. */
  | { readonly kind: 'STORED'; readonly inserted: number }
  /** The claim is over: somebody else has claimed the scan, or it was cancelled. Nothing was stored. */
  | { readonly kind: 'FENCED' }

export type ScanEnd = {
  readonly atMs: number
  /** The factors that the pool demands. `null` if they could not be read. */
  readonly poolFactors: readonly MfaFactorType[] | null
} & (
  | { readonly status: 'SUCCEEDED'; readonly isWhole: boolean }
  | { readonly status: 'FAILED'; readonly failure: ScanFailure }
)

export type CancelledScan =
  | { readonly kind: 'CANCELLED'; readonly scan: Scan }
  | { readonly kind: 'HAS_ENDED'; readonly scan: Scan }
  | { readonly kind: 'UNKNOWN' }

export interface RowQuery {
  readonly filter: CoverageFilter
  readonly order: CoverageOrder
  /** The place of the last row of the page before, in the same order. 0 for the first page. */
  readonly after: number
  readonly first: number
}

export interface CoveragePage {
  /** Each with its place in the order of reading, which never changes. */
  readonly rows: readonly { readonly place: number; readonly row: CoverageRow }[]
  readonly hasMore: boolean
}

/**
 * Keeps scans and their rows. What was returned is on the disk.
 *
 * Each of its methods rejects with a `StoreUnavailableError` if the store cannot be used, and has changed nothing then.
 */
export interface ScanStore {
  /** Adds a scan to the queue, unless the same one waits or runs, or too many wait. */
  create(scan: NewScan): Promise<CreatedScan>
  /** @returns `null` if there is none */
  find(id: string): Promise<Scan | null>
  /** The newest come first. */
  newest(count: number): Promise<readonly Scan[]>
  /** The scans that have not ended. The oldest comes first. */
  due(): Promise<readonly Scan[]>
  /** Begins a scan, or takes it over from its owner. */
  claim(id: string, atMs: number): Promise<ClaimedScan>
  /** Stores a page, its counts and its position together. */
  storePage(claim: ScanClaim, page: ScanPage): Promise<StoredPage>
  /** Notes that the scan waits, for example for GenAuth. The next claim goes on with it. */
  pause(claim: ScanClaim): Promise<'PAUSED' | 'FENCED'>
  end(claim: ScanClaim, end: ScanEnd): Promise<'ENDED' | 'FENCED'>
  cancel(id: string, atMs: number): Promise<CancelledScan>
  /** Reads a page of rows. If the scan has no row at the place `after`, orders by time have no row after it. */
  rows(id: string, query: RowQuery): Promise<CoveragePage>
  /** @returns `null` if there is no such scan */
  count(id: string, filter: CoverageFilter): Promise<number | null>
  /**
   * Counts all rows of a scan. The counts of one that has ended were made then.
   *
   * @returns `null` if there is no such scan
   */
  summary(id: string): Promise<CoverageSummary | null>
  /** Removes all ended scans but the newest ones, with their rows. */
  removeAllBut(newest: number): Promise<void>
}
