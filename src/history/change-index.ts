import type { Change } from './change.ts'
import type { ChainMark, ChangeEntry } from './change-entry.ts'

/** A place in the list of a user's changes, the newest first. */
export interface ChangePlace {
  readonly atMs: number
  readonly id: string
}

/** Some changes of a user, the newest first. Of those at the same time, the greatest ID is first. */
export interface ChangePage {
  readonly changes: readonly Change[]
  /** `true` if there are older ones. */
  readonly hasMore: boolean
}

/** The mark of a chain up to which its records are in the index. */
export interface IndexedChain extends ChainMark {
  /** Names the chain in the index. */
  readonly chain: string
}

export interface AddedChanges {
  readonly entries: readonly ChangeEntry[]
  /** The mark up to which the chain is in the index from now on. `null` leaves every mark as it is. */
  readonly mark: IndexedChain | null
}

/**
 * The changes of this service, by user. The journal is the truth, and the index is made of it. Each function throws a
 * `StoreUnavailableError` if the store cannot be used.
 */
export interface ChangeIndex {
  /**
   * Adds what records tell, all or nothing. An entry that was added before changes nothing.
   *
   * @returns the number of endings and follow-ups whose change is not in the index
   */
  add(added: AddedChanges): Promise<number>
  /** Returns `null` if the index has no such change. */
  find(id: string): Promise<Change | null>
  /** @param before the page holds what is older than this. `null` begins with the newest */
  page(userId: string, first: number, before: ChangePlace | null): Promise<ChangePage>
  /** The mark of every chain. */
  chains(): Promise<readonly IndexedChain[]>
  /**
   * Removes some changes that were made before this time, the oldest first.
   *
   * @returns how many, 0 if there are none left
   */
  removeSomeBefore(atMs: number): Promise<number>
}
