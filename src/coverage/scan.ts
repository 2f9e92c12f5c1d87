import type { JobStatus } from '../mfa/job-status.ts'
import type { Population } from './population.ts'

/** From the one that costs least to the one that costs most. */
export const SCAN_DEPTHS = ['ACTIVITY', 'BINDINGS', 'FULL'] as const

/**
 * How much a scan asks GenAuth about each user.
 *
 * - `ACTIVITY`: what a page of the list says, one call for up to 50 users.
 * - `BINDINGS`: the bound factors, too, one more call for each user.
 * - `FULL`: the enabled factors, too, at most two more calls for each user.
 */
export type ScanDepth = (typeof SCAN_DEPTHS)[number]

export type ScanStatus = JobStatus

/** Scans that wait for the one that runs. */
export const MAX_QUEUED_SCANS = 5

/** Scans that are kept after they have ended. */
export const MAX_KEPT_SCANS = 5

/** All scans that there can be: those that have ended, those that wait, and the one that runs. */
export const MAX_SCANS = MAX_KEPT_SCANS + MAX_QUEUED_SCANS + 1

/**
 * Says why a scan failed.
 *
 * - `LIST_CUT_SHORT`: GenAuth's list of users ends before its own count, and no other way leads on.
 * - `POPULATION_GONE`: GenAuth no longer knows a department, group or application of the population.
 * - `PLAN_REQUIRED`: the plan of the user pool does not include a call that the depth needs.
 * - `UPSTREAM_FORBIDDEN`: the access key of this server lacks a right.
 * - `OPERATION_REFUSED`: GenAuth refuses for another reason.
 */
export const SCAN_FAILURES = [
  'LIST_CUT_SHORT',
  'POPULATION_GONE',
  'PLAN_REQUIRED',
  'UPSTREAM_FORBIDDEN',
  'OPERATION_REFUSED',
] as const

export type ScanFailure = (typeof SCAN_FAILURES)[number]

/** What a scan is to read. */
export interface ScanRequest {
  readonly depth: ScanDepth
  readonly population: Population
  /** The part of the upstream's rate that it may use at most, above 0 and up to 1. */
  readonly budgetShare: number
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
  /** `null` unless it failed. */
  readonly failure: ScanFailure | null
}
