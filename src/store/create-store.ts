import type { Logger } from 'pino'
import type { Clock, Timer } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { toErrorCode } from '../base/system-error-code.ts'
import type { ScanStore } from '../coverage/scan-store.ts'
import { StoreUnavailableError } from '../coverage/store-unavailable-error.ts'
import { claimForPool } from './claim-for-pool.ts'
import type { StoreDatabase } from './database.ts'
import { FAULT_TEXTS } from './fault-texts.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { openDatabase } from './open-database.ts'
import { createScanStore } from './scans/create-scan-store.ts'
import { type StoreFault, toStoreFault } from './store-fault.ts'
import type { StoreTarget } from './store-target.ts'
import type { StoreTables } from './tables.ts'

export interface StoreOptions {
  readonly target: StoreTarget
  /** `null` if it is not known. Then nothing is compared. */
  readonly userPoolId: string | null
  readonly clock: Clock
  readonly log: Logger
}

/** What the server keeps beyond its own life. Only what needs it waits for it. */
export interface Store {
  /** `null` while it works. */
  readonly fault: StoreFault | 'OPENING' | null
  readonly scans: ScanStore
  close(): Promise<void>
}

/** After a fault the store is opened again, because an operator may have removed it. */
const RETRY_MS = 2_000
/** The start waits this long for a database that hangs. */
const START_WAIT_MS = 1_000

/** Opens the store, and goes on trying while it cannot be opened. It never rejects: the log says why. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const store = new OpeningStore(options)
  await within(createDeadline(START_WAIT_MS, options.clock), store.open(), () => {})
  return store
}

class OpeningStore implements Store {
  readonly scans = createScanStore(work => this.#run(work))
  readonly #options: StoreOptions
  #database: StoreDatabase | null = null
  #fault: StoreFault | 'OPENING' | null = 'OPENING'
  #opening: Promise<void> = Promise.resolve()
  #retry: Timer | null = null
  #isClosed = false

  constructor(options: StoreOptions) {
    this.#options = options
  }

  get fault(): StoreFault | 'OPENING' | null {
    return this.#fault
  }

  open(): Promise<void> {
    this.#opening = this.#tryOpen()
    return this.#opening
  }

  /**
   * Runs a piece of work on the open store.
   *
   * @throws StoreUnavailableError, with the database's error as its cause
   */
  async #run<T>(work: (tables: StoreTables) => Promise<T>): Promise<T> {
    if (this.#database === null) throw new StoreUnavailableError(this.#fault ?? 'OPENING')
    try {
      const result = await work(this.#database.tables)
      this.#note(null)
      return result
    } catch (error) {
      throw new StoreUnavailableError(this.#noteError(error), { cause: error })
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#retry?.cancel()
    await within(createDeadline(START_WAIT_MS, this.#options.clock), this.#opening, () => {})
    const database = this.#database
    this.#database = null
    if (database === null) return
    const closing = database.close().catch(() => {})
    await within(createDeadline(START_WAIT_MS, this.#options.clock), closing, () => {})
  }

  async #tryOpen(): Promise<void> {
    const { target, userPoolId, clock } = this.#options
    let database: StoreDatabase | null = null
    try {
      database = await openDatabase(target)
      await migrate(database.tables, database.dialect, MIGRATIONS)
      if (userPoolId !== null) await claimForPool(database.tables, userPoolId)
    } catch (error) {
      await database?.close().catch(() => {})
      this.#noteError(error)
      if (!this.#isClosed) this.#retry = clock.after(RETRY_MS, () => void this.open()).unref()
      return
    }
    if (this.#isClosed) return database.close()
    this.#database = database
    this.#note(null)
  }

  #noteError(error: unknown): StoreFault {
    const fault = toStoreFault(error)
    this.#note(fault, toErrorCode(error))
    return fault
  }

  /** Logs each change once. */
  #note(fault: StoreFault | null, reason?: string): void {
    if (fault === this.#fault) return
    const { log } = this.#options
    const before = this.#fault
    this.#fault = fault
    if (fault !== null) log.error({ fault, reason }, FAULT_TEXTS[fault])
    else if (before !== 'OPENING') log.info('the store can be used again')
  }
}
