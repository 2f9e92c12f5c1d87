import type { Logger } from 'pino'
import type { Clock } from './base/clock.ts'
import type { Config } from './config/config.ts'
import type { CoverageService } from './coverage/coverage-service.ts'
import type { CoverageServiceOptions } from './coverage/coverage-service-options.ts'
import { createCoverageService } from './coverage/create-coverage-service.ts'
import { createRunScan } from './coverage/scanning/create-run-scan.ts'
import type { Dispatcher } from './jobs/dispatcher.ts'
import { startJobs } from './jobs/start-jobs.ts'
import { startNightly } from './jobs/start-nightly.ts'
import type { Store } from './store/create-store.ts'

export interface CoverageOptions
  extends Pick<CoverageServiceOptions, 'upstreamFor' | 'journal' | 'limitsOf'> {
  readonly config: Pick<Config, 'genauth' | 'redis' | 'scans' | 'store'>
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
}

/** The scans of who has no MFA, and the part that runs them. */
export interface Coverage {
  readonly service: CoverageService
  /** Begins to run scans. Before that they wait. */
  runScans(): Promise<void>
  /**
   * Stops the scan that runs here, so that another process can go on with it. A second call waits for the same end.
   */
  close(): Promise<void>
}

/**
 * Replicas that share a store share its scans by the queue in their Redis. A process that has a store for itself needs no
 * queue.
 */
export function startCoverage({ config, store, log, ...options }: CoverageOptions): Coverage {
  const { scans } = store
  const { clock } = options
  let dispatcher: Dispatcher | null = null
  let isClosed = false
  const service = createCoverageService({
    ...options,
    store: scans,
    dispatch: {
      noteCreated: () => dispatcher?.noteCreated(),
      noteCancelled: scanId => dispatcher?.noteCancelled(scanId),
    },
  })
  const schedule = config.scans.nightly

  return {
    service,
    async runScans() {
      if (isClosed) return
      const jobs = await startJobs({
        runScan: createRunScan({ ...options, store: scans, maxRps: config.genauth.maxRps }),
        scans,
        queue: config.store?.kind === 'postgres' ? config.redis : null,
        nightly: schedule && { schedule, start: () => startNightly(service, log) },
        clock,
        log,
      })
      dispatcher = jobs
      if (isClosed) await jobs.close()
    },
    async close() {
      isClosed = true
      await dispatcher?.close()
    },
  }
}
