import type { Scan } from './scan.ts'

/**
 * Returns when a scan will have ended if it goes on at the speed that it had so far. Milliseconds since 1970.
 *
 * @returns `null` if it does not run, or nothing can be said yet
 */
export function estimateFinishMs(scan: Scan, nowMs: number): number | null {
  const { status, startedAtMs, expected, seen } = scan
  if (status !== 'RUNNING' || startedAtMs === null || expected === null || seen === 0) return null
  const elapsedMs = nowMs - startedAtMs
  return elapsedMs < 0 ? null : nowMs + Math.round((elapsedMs * Math.max(0, expected - seen)) / seen)
}
