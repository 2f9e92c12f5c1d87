import type { Logger } from 'pino'
import type { Clock, Timer } from '../base/clock.ts'
import { createDeadline, within } from '../base/deadline.ts'
import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import { toErrorCode } from '../base/system-error-code.ts'
import type { ScanStore } from '../coverage/scan-store.ts'
import type { ChangeIndex } from '../history/change-index.ts'
import type { ChainStore } from '../journal/store/chain-store.ts'
import { createChangeIndex } from './changes/create-change-index.ts'
import { claimForPool } from './claim-for-pool.ts'
import type { StoreDatabase } from './database.ts'
import { FAULT_TEXTS } from './fault-texts.ts'
import { createChainStore } from './journal/create-chain-store.ts'
import { migrate } from './migrate.ts'
import type { Dialect } from './migrations/migration.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { openDatabase } from './open-database.ts'
import type { StoreUse } from './run-on-store.ts'
import { createScanStore } from './scans/create-scan-store.ts'
import { type StoreFault, toStoreFault, UnfitStoreError } from './store-fault.ts'
import type { StoreTarget } from './store-target.ts'
import type { StoreTables } from './tables.ts'

export interface StoreOptions {
  readonly target: StoreTarget
  /** `true` if no other replica may use the store. */
  readonly isAlone: boolean
  /** Returns `null` as long as it is not known. Then nothing is compared yet. */
  readonly userPoolId: () => string | null
  readonly clock: Clock
  readonly log: Logger
}

/** What the server keeps beyond its own life. Only what needs it waits for it. */
export interface Store {
  /** `null` while it works. */
  readonly fault: StoreFault | 'OPENING' | null
  readonly scans: ScanStore
  /** The journal, if it is kept here. */
  readonly chains: ChainStore
  readonly changes: ChangeIndex
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
  readonly scans = createScanStore((work, use) => this.#run(work, use))
  readonly chains = createChainStore((work, use) => this.#run(work, use))
  readonly changes = createChangeIndex((work, use) => this.#run(work, use))
  readonly #options: StoreOptions
  #database: StoreDatabase | null = null
  /** The pool that the open database is known to belong to. */
  #comparedPoolId: string | null = null
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
  async #run<T>(work: (tables: StoreTables, dialect: Dialect) => Promise<T>, use: StoreUse): Promise<T> {
    const database = this.#database
    if (database === null) throw new StoreUnavailableError(this.#fault ?? 'OPENING')
    const lost = database.lost()
    if (lost !== null) throw this.#giveUp(database, lost)
    try {
      await this.#comparePool(database)
      const result = await work(database.tables, database.dialect)
      // A full disk can be read.
      if (use === 'CHANGE' || this.#fault !== 'FULL') this.#note(null)
      return result
    } catch (error) {
      if (error instanceof UnfitStoreError) throw this.#giveUp(database, error.fault)
      throw new StoreUnavailableError(this.#noteError(error), { cause: error })
    }
  }

  /** The pool may become known, and may change, while the store is open. */
  async #comparePool(database: StoreDatabase): Promise<void> {
    const userPoolId = this.#options.userPoolId()
    if (userPoolId === null || userPoolId === this.#comparedPoolId) return
    await claimForPool(database.tables, userPoolId)
    this.#comparedPoolId = userPoolId
  }

  /** Closes a database that must not be used any more, and opens the store again later. */
  #giveUp(database: StoreDatabase, fault: StoreFault): StoreUnavailableError {
    if (this.#database === database) {
      this.#database = null
      this.#note(fault)
      this.#openLater(database.close().catch(() => {}))
    }
    return new StoreUnavailableError(fault)
  }

  /** The time to wait begins when the database before is closed. */
  #openLater(closed: Promise<void>): void {
    this.#opening = closed.then(() => {
      if (!this.#isClosed) this.#retry = this.#options.clock.after(RETRY_MS, () => void this.open()).unref()
    })
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
    const { target, isAlone, clock } = this.#options
    let database: StoreDatabase | null = null
    try {
      database = await openDatabase(target, isAlone)
      await migrate(database.tables, database.dialect, MIGRATIONS)
      this.#comparedPoolId = null
      await this.#comparePool(database)
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
