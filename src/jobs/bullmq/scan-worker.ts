import { type Processor, Worker } from 'bullmq'
import type { QueueOptions } from './queue-options.ts'

/** A replica that is silent for this long has lost its scan. It renews the lock twice as often. */
const LOCK_MS = 6_000
/** How often one of the replicas looks for scans that were lost. With `LOCK_MS` a scan goes on after 10 s at most. */
const LOST_LOOK_MS = 4_000
/** A scan may lose its replica as often as it likes. */
const MAX_LOST = 1_000_000
/** A replica that stops may have taken the sign that there is a job. The others ask without it so often. */
const ASK_EVERY_S = 1
const RETRY_MS = 1_000
/** A nightly start does not wait for the scan that runs. */
const JOBS_AT_ONCE = 2

/** Takes jobs from the queue, and keeps their locks as long as it lives. */
export function createScanWorker({ name, ...options }: QueueOptions, process: Processor): Worker {
  return new Worker(name, process, {
    ...options,
    concurrency: JOBS_AT_ONCE,
    lockDuration: LOCK_MS,
    stalledInterval: LOST_LOOK_MS,
    maxStalledCount: MAX_LOST,
    drainDelay: ASK_EVERY_S,
    runRetryDelay: RETRY_MS,
  })
}
