import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { sleepUnlessAborted } from '../base/sleep-unless-aborted.ts'
import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import type { RunScan, ScanRun } from '../coverage/run-scan.ts'
import type { ScanStore } from '../coverage/scan-store.ts'
import { isDue } from './is-due.ts'

/** How this process has come to its end with a scan. */
export type TurnEnd =
  /** The scan has ended. */
  | 'OVER'
  /** Somebody else runs it, or another one. */
  | 'ELSEWHERE'
  /** The signal said so. */
  | 'STOPPED'

/** Runs a scan, again and again if it must pause, until there is nothing more to do here. It never rejects. */
export type RunToEnd = (scanId: string, stop: AbortSignal) => Promise<TurnEnd>

export interface RunToEndOptions {
  readonly runScan: RunScan
  readonly scans: Pick<ScanStore, 'find'>
  readonly clock: Clock
  readonly log: Logger
}

const FIRST_WAIT_MS = 5_000
const MAX_WAIT_MS = 60_000
/** A scan that waits may be cancelled from anywhere. */
const LOOK_EVERY_MS = 5_000

/**
 * If GenAuth or the store does not answer, the next run begins after 5 s. Each further wait is twice as long, up to a
 * minute. A run of more than a minute has come somewhere, so the next wait is 5 s again.
 */
export function createRunToEnd({ runScan, scans, clock, log }: RunToEndOptions): RunToEnd {
  async function run(scanId: string, stop: AbortSignal): Promise<ScanRun | 'STORE_UNAVAILABLE'> {
    try {
      return await runScan(scanId, stop)
    } catch (error) {
      // The log has said already what the store lacks.
      if (!(error instanceof StoreUnavailableError))
        log.error({ scan: scanId, err: error }, 'unexpected error')
      return 'STORE_UNAVAILABLE'
    }
  }

  /** Waits for the time of the next run. Returns `OVER` as soon as somebody has ended the scan. */
  async function rest(scanId: string, ms: number, stop: AbortSignal): Promise<'RUN' | 'OVER'> {
    const endsAtMs = clock.monotonic() + ms
    for (;;) {
      const leftMs = endsAtMs - clock.monotonic()
      if (leftMs <= 0 || stop.aborted) return 'RUN'
      await sleepUnlessAborted(clock, Math.min(leftMs, LOOK_EVERY_MS), stop)
      const found = await scans.find(scanId).catch(() => undefined)
      if (found !== undefined && !isDue(found)) return 'OVER'
    }
  }

  return async (scanId, stop) => {
    let waitMs = FIRST_WAIT_MS
    for (;;) {
      if (stop.aborted) return 'STOPPED'
      const startedAtMs = clock.monotonic()
      const end = await run(scanId, stop)
      switch (end) {
        case 'ENDED':
        case 'NOT_DUE':
          return 'OVER'
        case 'FENCED':
        case 'ANOTHER_RUNS':
          return 'ELSEWHERE'
        case 'STOPPED':
          return 'STOPPED'
        case 'PAUSED':
        case 'STORE_UNAVAILABLE':
          if (clock.monotonic() - startedAtMs > MAX_WAIT_MS) waitMs = FIRST_WAIT_MS
          if ((await rest(scanId, waitMs, stop)) === 'OVER') return 'OVER'
          waitMs = Math.min(MAX_WAIT_MS, waitMs * 2)
      }
    }
  }
}
