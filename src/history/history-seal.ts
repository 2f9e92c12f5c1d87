import type { ChangeReason } from './change.ts'
import type { ChangeUser, StoredChange } from './change-entry.ts'
import type { UserKeys } from './change-index.ts'

/** Opens what the index keeps sealed, with the keys of the journal. */
export interface HistorySeal {
  openReason(change: Pick<StoredChange, 'id' | 'sealedReason'>): ChangeReason
  /** Returns `null` if no given key opens it. */
  openUserId(user: ChangeUser, changeId: string): string | null
  toUserKeys(userId: string): UserKeys
}
