import type { Clock } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { MAX_KEPT_SCANS, MAX_QUEUED_SCANS, type Scan, type ScanStatus } from '../coverage/scan.ts'
import type { ScanStore } from '../coverage/scan-store.ts'
import type { Metrics } from './metrics.ts'

/** The store, as far as it is measured. */
export interface MeasuredStore {
  /** `null` while it works. */
  readonly fault: string | null
  readonly scans: Pick<ScanStore, 'newest'>
}

/** Those that wait, the one that runs, and those that have ended. */
const MOST_SCANS = MAX_QUEUED_SCANS + 1 + MAX_KEPT_SCANS
/** Prometheus waits for the other metrics, too. */
const LONGEST_LOOK_MS = 1_000
/** All metrics of one scrape are of one look. */
const LOOK_LASTS_MS = 100

/** An object, so that a status that is added later cannot be forgotten here. */
const NO_SCANS: Readonly<Record<ScanStatus, 0>> = {
  QUEUED: 0,
  RUNNING: 0,
  PAUSED: 0,
  SUCCEEDED: 0,
  FAILED: 0,
  CANCELLED: 0,
}

/**
 * Adds gauges of the scans in the store. All replicas of a store say the same. While the store cannot be read, they say
 * nothing.
 */
export function addScanReadings(metrics: Metrics, store: MeasuredStore, clock: Clock): void {
  const look = createLook(store, clock)
  metrics.gauge('store_unusable', '1 while the store cannot be used.', () => Number(store.fault !== null))
  metrics.gaugeOfLook('coverage_scans', 'Scans in the store, by status.', 'status', async () => {
    const scans = await look()
    return scans && countByStatus(scans)
  })
  metrics.gaugeOfLook(
    'coverage_scan_users',
    'Users of the scan that began last: expected by the count of GenAuth, seen, and of these unreadable.',
    'count',
    async () => {
      const scans = await look()
      return scans && countUsers(findLatest(scans))
    },
  )
  metrics.gaugeOfLook(
    'coverage_scan_upstream_calls',
    'Calls to GenAuth that the scan that began last has made.',
    null,
    async () => {
      const scans = await look()
      return scans && { calls: findLatest(scans)?.upstreamCalls ?? 0 }
    },
  )
  metrics.gaugeOfLook(
    'coverage_newest_whole_scan_age_seconds',
    'Time since the newest whole scan ended, or since the oldest scan was started if none is whole. 0 without a scan.',
    null,
    async () => {
      const scans = await look()
      return scans && { age: findAgeMs(scans, clock.now()) / 1_000 }
    },
  )
}

/** Returns the scans in the store, the newest first, or `null` if it cannot be read in time. */
function createLook({ scans }: MeasuredStore, clock: Clock): () => Promise<readonly Scan[] | null> {
  let latest = { atMs: Number.NEGATIVE_INFINITY, found: Promise.resolve<readonly Scan[] | null>(null) }
  return () => {
    const atMs = clock.monotonic()
    if (atMs - latest.atMs < LOOK_LASTS_MS) return latest.found
    const reading = scans.newest(MOST_SCANS).catch(() => null)
    const found = within(createDeadline(LONGEST_LOOK_MS, clock), reading, () => null)
    latest = { atMs, found }
    return found
  }
}

function countByStatus(scans: readonly Scan[]): Readonly<Record<string, number>> {
  const counts: Record<ScanStatus, number> = { ...NO_SCANS }
  for (const { status } of scans) counts[status]++
  return counts
}

function countUsers(scan: Scan | null): Readonly<Record<string, number>> {
  return { expected: scan?.expected ?? 0, seen: scan?.seen ?? 0, unreadable: scan?.unreadable ?? 0 }
}

function findLatest(scans: readonly Scan[]): Scan | null {
  const begun = scans.filter(({ startedAtMs }) => startedAtMs !== null)
  return begun.toSorted((a, b) => (b.startedAtMs ?? 0) - (a.startedAtMs ?? 0))[0] ?? null
}

function findAgeMs(scans: readonly Scan[], nowMs: number): number {
  const whole = scans.find(({ isWhole }) => isWhole)
  const sinceMs = whole?.finishedAtMs ?? scans.at(-1)?.createdAtMs ?? nowMs
  return Math.max(0, nowMs - sinceMs)
}
