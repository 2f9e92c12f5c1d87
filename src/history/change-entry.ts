import type { Change, ChangeOutcome, FollowUpFinding } from './change.ts'

/** The user of a change: the ID, or the hash and the seal of an ID that may be any text. */
export type ChangeUser =
  | { readonly kind: 'ID'; readonly userId: string }
  | { readonly kind: 'SEALED'; readonly idHash: string; readonly sealedId: string }

/** A change as the index keeps it. `HistorySeal` opens what is sealed. */
export interface StoredChange extends Omit<Change, 'userId' | 'reason'> {
  readonly user: ChangeUser
  /** `null` if the caller gave none. */
  readonly sealedReason: Uint8Array | null
}

/** A change as its intent tells of it. */
export type BegunChange = Omit<StoredChange, 'outcome' | 'followUp'>

/** The end of a change, or a later look at it. */
export type ChangeUpdate =
  | { readonly kind: 'ENDED'; readonly id: string; readonly outcome: ChangeOutcome }
  | { readonly kind: 'FOLLOWED_UP'; readonly id: string; readonly found: FollowUpFinding }

/** What one record of a journal tells of a change. Each is told once in a journal, in this order. */
export type ChangeEntry = { readonly kind: 'BEGUN'; readonly change: BegunChange } | ChangeUpdate
