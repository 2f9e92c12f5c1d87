import type { Dialect } from './migrations/migration.ts'
import type { StoreFault } from './store-fault.ts'
import type { StoreTables } from './tables.ts'

/** An open database. */
export interface StoreDatabase {
  readonly tables: StoreTables
  readonly dialect: Dialect
  /** Returns why it must be opened again, although it seems to work. `null` if it need not be. */
  lost(): StoreFault | null
  close(): Promise<void>
}
