import type { CallerContext } from '../mfa/call-context.ts'
import { fail, type MfaFailureOf, type Result, refusedInput, succeed, under } from '../mfa/failure.ts'
import type { ChangeRequest } from '../mfa/journal-port.ts'
import type { CoverageForCaller, StartedScan } from './coverage-service.ts'
import type { CoverageServiceOptions } from './coverage-service-options.ts'
import { estimateFinishMs } from './estimate-finish.ts'
import { findWantedScanFaults } from './find-wanted-scan-faults.ts'
import { resolvePopulation } from './resolve-population.ts'
import { MAX_SCANS, type Scan, type ScanRequest } from './scan.ts'
import type { CreatedScan, ScanStore } from './scan-store.ts'
import type { WantedScan } from './wanted-scan.ts'

/** Puts a scan on record and into the queue. */
export type CreateScan = (request: ChangeRequest | null, wanted: ScanRequest) => Promise<CreatedScan>

/** No id of a scan is written otherwise. PostgreSQL would take some texts for a fault of its own. */
const SCAN_ID = /^[!-~]{1,64}$/

const NOT_FOUND: MfaFailureOf<'NOT_FOUND'> = { kind: 'NOT_FOUND', upstream: null }

/** What one request of one caller may do with scans. */
export class BoundCoverage implements CoverageForCaller {
  readonly #options: CoverageServiceOptions
  readonly #context: CallerContext
  readonly #create: CreateScan

  constructor(options: CoverageServiceOptions, context: CallerContext, create: CreateScan) {
    this.#options = options
    this.#context = context
    this.#create = create
  }

  async start(wanted: WantedScan): Promise<Result<StartedScan>> {
    const faults = findWantedScanFaults(wanted)
    if (faults.length > 0) return fail(refusedInput(faults))
    const { upstreamFor, limitsOf } = this.#options
    const context = { ...this.#context, priority: 'READ' } as const
    const limits = limitsOf(context.callerKey)
    const scope = { context, upstream: upstreamFor(context), limits, foundUsers: new Map() }
    const population = await resolvePopulation(scope, wanted.population)
    if (!population.ok) return fail(under(['population'], population.failure))
    const created = await this.#create(this.#context, { ...wanted, population: population.value })
    switch (created.kind) {
      case 'CREATED':
        return succeed({ scan: created.scan, isNew: true })
      case 'ALREADY_THERE':
        return succeed({ scan: created.scan, isNew: false })
      case 'QUEUE_FULL':
        return fail({ kind: 'RATE_LIMITED', upstream: null, retryAfterMs: null, origin: 'LAYER' })
    }
  }

  async cancel(scanId: string): Promise<Result<Scan>> {
    const { store, dispatch, journal, clock } = this.#options
    if (!SCAN_ID.test(scanId)) return fail(NOT_FOUND)
    const cancelled = await store.cancel(scanId, clock.now())
    switch (cancelled.kind) {
      case 'UNKNOWN':
        return fail(NOT_FOUND)
      case 'HAS_ENDED':
        return fail({ kind: 'WRONG_STATE', upstream: null, status: cancelled.scan.status })
      case 'CANCELLED':
        dispatch.noteCancelled(scanId)
        await journal.recordScanEnd({
          ...cancelled.scan,
          scanId,
          status: 'CANCELLED',
          request: this.#context,
        })
        return succeed(cancelled.scan)
    }
  }

  async find(scanId: string | null): Promise<Scan | null> {
    const { store } = this.#options
    if (scanId !== null) return SCAN_ID.test(scanId) ? store.find(scanId) : null
    const newest = await this.scans()
    return newest.find(scan => scan.isWhole) ?? newest[0] ?? null
  }

  estimateFinishMs(scan: Scan) {
    return estimateFinishMs(scan, this.#options.clock.now())
  }

  scans() {
    return this.#options.store.newest(MAX_SCANS)
  }

  rows(...[scanId, query]: Parameters<ScanStore['rows']>) {
    return this.#options.store.rows(scanId, query)
  }

  count(...[scanId, filter]: Parameters<ScanStore['count']>) {
    return this.#options.store.count(scanId, filter)
  }

  summary(scanId: string) {
    return this.#options.store.summary(scanId)
  }
}
