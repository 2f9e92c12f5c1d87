import type { Clock } from '../../base/clock.ts'
import type { CoverageRow } from '../coverage-row.ts'
import type { ScanClaim, ScanPage, ScanStore, StoredPage } from '../scan-store.ts'
import type { ScanCalls } from './scan-calls.ts'

export interface PageWriterOptions {
  readonly store: Pick<ScanStore, 'storePage'>
  readonly claim: ScanClaim
  readonly calls: Pick<ScanCalls, 'takeCount'>
  readonly clock: Clock
}

/** How far the scan has come with the pages so far. */
type Progress = Pick<ScanPage, 'expected' | 'position'>

/** If the process dies, users of so many pages are read again. */
const MAX_PAGES_AT_ONCE = 3
const STORE_EVERY_MS = 1_000

/**
 * Stores the pages of a scan, a few together. Each time costs a wait for the disk, in which a process with a file serves
 * nobody.
 */
export class PageWriter {
  readonly #options: PageWriterOptions
  #rows: CoverageRow[] = []
  #unreadable = 0
  #pages = 0
  #storedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: PageWriterOptions) {
    this.#options = options
  }

  /** Takes a page, and stores it with those before it if it is time. The first one is stored immediately. */
  async add(
    rows: readonly CoverageRow[],
    unreadable: number,
    progress: Progress,
  ): Promise<StoredPage['kind']> {
    this.#rows.push(...rows)
    this.#unreadable += unreadable
    this.#pages++
    const waitedMs = this.#options.clock.monotonic() - this.#storedAtMs
    return this.#pages < MAX_PAGES_AT_ONCE && waitedMs < STORE_EVERY_MS ? 'STORED' : this.flush(progress)
  }

  /** Stores the pages that are not stored yet, and the calls since the last time. */
  async flush(progress: Progress): Promise<StoredPage['kind']> {
    const { store, claim, calls, clock } = this.#options
    const page = { rows: this.#rows, unreadable: this.#unreadable, upstreamCalls: calls.takeCount() }
    this.#rows = []
    this.#unreadable = 0
    this.#pages = 0
    this.#storedAtMs = clock.monotonic()
    return (await store.storePage(claim, { ...page, ...progress })).kind
  }
}
