import type { Dialect } from '../migrations/migration.ts'
import type { StoreUse } from '../run-on-store.ts'
import type { StoreTables } from '../tables.ts'

/** As `RunOnStore`, for work that differs between the two databases. */
export type RunOnDatabase = <T>(
  work: (tables: StoreTables, dialect: Dialect) => Promise<T>,
  use: StoreUse,
) => Promise<T>
