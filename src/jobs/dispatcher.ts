import type { ScanDispatch } from '../coverage/scan-dispatch.ts'

/** Runs scans one after the other: those that the store says are due when it starts, and those of which it is told. */
export interface Dispatcher extends ScanDispatch {
  /** Stops the scan that runs here, so that another process can go on with it. It takes two seconds at most. */
  close(): Promise<void>
}
