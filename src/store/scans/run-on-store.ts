import type { StoreTables } from '../tables.ts'

/** Runs work on the open store, or rejects with a `StoreUnavailableError`. */
export type RunOnStore = <T>(work: (tables: StoreTables) => Promise<T>) => Promise<T>
