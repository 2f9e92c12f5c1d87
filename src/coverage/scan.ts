import type { Population } from './population.ts'

/**
 * How much a scan asks GenAuth about each user.
 *
 * - `ACTIVITY`: what a page of the list says, one call for up to 50 users.
 * - `BINDINGS`: the bound factors, too, one more call for each user.
 * - `FULL`: the enabled factors, too, at most two more calls for each user.
 */
export type ScanDepth = 'ACTIVITY' | 'BINDINGS' | 'FULL'

/** `QUEUED`, `RUNNING` and `PAUSED` scans go on after a restart. The others have ended. */
export type ScanStatus = 'QUEUED' | 'RUNNING' | 'PAUSED' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

/** Scans that wait for the one that runs. */
export const MAX_QUEUED_SCANS = 5

/** What a scan is to read. */
export interface ScanRequest {
  readonly depth: ScanDepth
  readonly population: Population
}

/** A scan, as far as it has come. Times are milliseconds since 1970. */
export interface Scan extends ScanRequest {
  readonly id: string
  readonly status: ScanStatus
  readonly createdAtMs: number
  /** `null` if it has not begun. */
  readonly startedAtMs: number | null
  /** `null` if it has not ended. */
  readonly finishedAtMs: number | null
  /** The users that GenAuth counted when the scan began. `null` before the first page. */
  readonly expected: number | null
  /** The users that are stored. */
  readonly seen: number
  /** Those of them about whom GenAuth did not answer. */
  readonly unreadable: number
  readonly upstreamCalls: number
  /** `true` if it has ended and nothing moved while it ran. */
  readonly isWhole: boolean
}
