import type { StoreTables } from './tables.ts'

/** What a piece of work does. Only a change shows that the store takes changes. */
export type StoreUse = 'READ' | 'CHANGE'

/** Runs work on the open store, or rejects with a `StoreUnavailableError`. */
export type RunOnStore = <T>(work: (tables: StoreTables) => Promise<T>, use: StoreUse) => Promise<T>
