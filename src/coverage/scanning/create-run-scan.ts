import type { RunScan, ScanRun } from '../run-scan.ts'
import type { ScanStore } from '../scan-store.ts'
import { ScanRunner, type ScanRunnerOptions } from './scan-runner.ts'

export interface RunScanOptions extends ScanRunnerOptions {
  readonly store: ScanRunnerOptions['store'] & Pick<ScanStore, 'claim'>
}

/** Returns what runs the scans of a store. After the signal it does not wait for calls and stores nothing more. */
export function createRunScan(options: RunScanOptions): RunScan {
  const { store, clock } = options
  return async (scanId, stop) => {
    if (stop.aborted) return 'STOPPED'
    const claimed = await store.claim(scanId, clock.now())
    if (claimed.kind !== 'CLAIMED') return claimed.kind
    return untilStopped(new ScanRunner(options, claimed.claim, stop).run(), stop)
  }
}

function untilStopped(running: Promise<ScanRun>, stop: AbortSignal): Promise<ScanRun> {
  return new Promise((resolve, reject) => {
    const onStop = () => resolve('STOPPED')
    stop.addEventListener('abort', onStop)
    running.then(resolve, reject).finally(() => stop.removeEventListener('abort', onStop))
    if (stop.aborted) onStop()
  })
}
