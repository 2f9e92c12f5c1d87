import type { Kysely, Transaction } from 'kysely'

/**
 * The tables, alike in both databases. Times are milliseconds since 1970, and 0 and 1 stand for `false` and `true`,
 * because SQLite has neither type.
 */
export interface Tables {
  /** One row, which says whose store it is. Its lock puts changes of the list of scans in order. */
  readonly mfa_store: {
    readonly id: 1
    /** `null` until a process knows its user pool. */
    readonly user_pool_id: string | null
    readonly scans_made: number
  }
}

export type StoreTables = Kysely<Tables>
export type StoreTransaction = Transaction<Tables>
