import type { ScanDispatch } from '../coverage/scan-dispatch.ts'
import type { CronSchedule } from './cron.ts'

/** Runs scans one after the other: those that the store says are due when it starts, and those of which it is told. */
export interface Dispatcher extends ScanDispatch {
  /**
   * Stops the scan that runs here, so that another process can go on with it. It takes a few seconds at most. A
   * second call waits for the same end.
   */
  close(): Promise<void>
}

/** The scan that starts by itself. */
export interface Nightly {
  readonly schedule: CronSchedule
  /** Puts the scan into the queue of the store. It never rejects. */
  readonly start: () => Promise<void>
}
