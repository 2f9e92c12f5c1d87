import type { Change, ChangeOutcome, FollowUpFinding } from './change.ts'

/** The user of a change: the ID, or the hash and the seal of an ID that may be any text. */
export type ChangeUser =
  | { readonly kind: 'ID'; readonly userId: string }
  | { readonly kind: 'SEALED'; readonly idHash: string; readonly sealedId: string }

/** A change as its intent tells of it. */
export interface BegunChange
  extends Omit<Change, 'userId' | 'outcome' | 'followUp' | 'reason' | 'changedFields'> {
  readonly user: ChangeUser
  readonly changedFields: readonly string[]
  /** `null` if none was given. */
  readonly reason: string | null
}

/** What one record of a journal tells of a change. Each is told once in a journal, in this order. */
export type ChangeEntry =
  | { readonly kind: 'BEGUN'; readonly change: BegunChange }
  | { readonly kind: 'ENDED'; readonly id: string; readonly outcome: ChangeOutcome }
  | { readonly kind: 'FOLLOWED_UP'; readonly id: string; readonly found: FollowUpFinding }

/** A place in the chain of a journal. The hash belongs to this record of this chain alone. */
export interface ChainMark {
  readonly seq: number
  readonly hash: string
}

/** Some records of one chain, one after the other, as far as they tell of changes. */
export interface ChangeBatch {
  readonly entries: readonly ChangeEntry[]
  /** The last of these records. */
  readonly end: ChainMark
}
