/**
 * How a run of a scan came to its end.
 *
 * - `ENDED`: the scan has ended, well or not.
 * - `FENCED`: somebody else has claimed the scan, or it was cancelled.
 * - `NOT_DUE`: there is no such scan, or it had ended before.
 * - `ANOTHER_RUNS`: another scan has begun and has not ended.
 * - `PAUSED`: GenAuth does not answer. Run the scan again later.
 * - `STOPPED`: the signal said so. The next run goes on after the last page that was stored.
 */
export type ScanRun = 'ENDED' | 'FENCED' | 'NOT_DUE' | 'ANOTHER_RUNS' | 'PAUSED' | 'STOPPED'

/**
 * Claims a scan and runs it until one of these.
 *
 * Rejects with a `StoreUnavailableError` if the store cannot be used, and with nothing else.
 */
export type RunScan = (scanId: string, stop: AbortSignal) => Promise<ScanRun>
