import type { Dialect } from './migrations/migration.ts'
import type { StoreTables } from './tables.ts'

/** An open database. */
export interface StoreDatabase {
  readonly tables: StoreTables
  readonly dialect: Dialect
  close(): Promise<void>
}
