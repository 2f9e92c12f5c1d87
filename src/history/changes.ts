import type { Change } from './change.ts'
import type { ChangePlace } from './change-index.ts'

/** Some changes of a user, the newest first. Of those at the same time, the greatest ID is first. */
export interface ChangePage {
  readonly changes: readonly Change[]
  /** `true` if there are older ones. */
  readonly hasMore: boolean
  /** `false` if records are known that are not in the index yet, so that changes may be missing. They follow later. */
  readonly isWhole: boolean
}

/**
 * The changes of this service, for readers. Before it reads, it waits a moment for the changes of this process that are
 * on their way into the index. Each function throws a `StoreUnavailableError` if the store cannot be used.
 */
export interface Changes {
  /** Returns `null` if the index has no such change. If `isBehind` is `true`, it may come later. */
  find(id: string): Promise<Change | null>
  /**
   * Returns a user's changes, the newest first.
   *
   * @param userId GenAuth's ID
   * @param before the page holds what is older than this. `null` begins with the newest
   */
  page(userId: string, first: number, before: ChangePlace | null): Promise<ChangePage>
  /** Returns `true` if records are known that are not in the index. */
  isBehind(): boolean
}
