import type { ChangeEntry, StoredChange } from './change-entry.ts'

/** A place in the list of a user's changes, the newest first. */
export interface ChangePlace {
  readonly atMs: number
  /** Of the changes at the same time those with a lesser ID follow. An empty text is less than all. */
  readonly id: string
}

/** The ways in which the changes of one user can be named. */
export interface UserKeys {
  /** The ID at GenAuth. */
  readonly userId: string
  /** The hashes of the ID, under every key. */
  readonly idHashes: readonly string[]
}

/** Some changes of a user, the newest first. Of those at the same time, the greatest ID is first. */
export interface StoredPage {
  readonly changes: readonly StoredChange[]
  /** `true` if there are older ones. */
  readonly hasMore: boolean
}

/** Says that the records of a chain up to this one are in the index. */
export interface ChainMark {
  /** Names the chain in the index. */
  readonly chain: string
  readonly seq: number
  /** The hash of the record, which belongs to this record of this chain alone. */
  readonly hash: string
}

/** Some records, one after the other, as far as they tell of changes. */
export interface ChangeBatch {
  readonly entries: readonly ChangeEntry[]
  /** The last of these records. `null` leaves every mark as it is. */
  readonly mark: ChainMark | null
}

/**
 * The changes of this service, by user. The journal is the truth, and the index is made of it. Each function throws a
 * `StoreUnavailableError` if the store cannot be used.
 */
export interface ChangeIndex {
  /**
   * Adds what records tell, all or nothing. An entry that was added before changes nothing.
   *
   * @returns the number of ends and later looks whose change is not in the index
   */
  add(batch: ChangeBatch): Promise<number>
  /** Returns `null` if the index has no such change. */
  find(id: string): Promise<StoredChange | null>
  /** @param before the page holds what is older than this. `null` begins with the newest */
  page(user: UserKeys, first: number, before: ChangePlace | null): Promise<StoredPage>
  /** The mark of every chain. */
  marks(): Promise<readonly ChainMark[]>
  /**
   * Removes some changes that were begun before this time, the oldest first.
   *
   * @returns how many, 0 if there are none left
   */
  removeSomeBefore(atMs: number): Promise<number>
}
