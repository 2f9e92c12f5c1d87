import type { Change } from './change.ts'
import type { ChangePage, ChangePlace } from './change-index.ts'

/** The page of a reader. */
export interface ReadChanges extends ChangePage {
  /**
   * `false` if this process knows of records that are not in the index yet, so that changes may be missing. They
   * follow by themselves.
   */
  readonly isWhole: boolean
}

/**
 * The changes of this service, for readers. Before it reads, it waits a moment for the changes of this process that are
 * on their way into the index. Each function throws a `StoreUnavailableError` if the store cannot be used.
 */
export interface Changes {
  /** Returns `null` if the index has no such change. It may be on its way while `isBehind` is `true`. */
  find(id: string): Promise<Change | null>
  /**
   * Returns a user's changes, the newest first.
   *
   * @param userId GenAuth's ID
   * @param before the page holds what is older than this. `null` begins with the newest
   */
  page(userId: string, first: number, before: ChangePlace | null): Promise<ReadChanges>
  /** Returns `true` if records are known that are not in the index. */
  isBehind(): boolean
}
