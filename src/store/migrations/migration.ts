import type { CreateTableBuilder, RawBuilder } from 'kysely'
import type { StoreTables } from '../tables.ts'

/** The ways in which the two databases differ. */
export interface Dialect {
  /** The type of bytes. */
  readonly bytes: 'blob' | 'bytea'
  /** The time by the clock of the database, in milliseconds since 1970. */
  readonly nowMs: RawBuilder<number>
  /** `true` if one statement can change a table, and insert rows only if that changed something. */
  readonly changesInWith: boolean
  /** Keeps the rows of a table in the order of its primary key, where the database can. */
  clustered<T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T>
}

/** A step that changes the tables. Once released it never changes, and its name comes after those before it. */
export type Migrate = (db: StoreTables, dialect: Dialect) => Promise<void>
