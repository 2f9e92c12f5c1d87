import type { Result } from '../mfa/failure.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { HistoryEntry, HistorySource } from './history-entry.ts'

/** The most entries of a page. */
export const MAX_FIRST = 50

export interface WantedHistory {
  readonly first: number
  /** `null` begins with the newest entry. */
  readonly after: string | null
}

/** A page of what happened to the second factors of a user, the newest first. */
export interface History {
  readonly edges: readonly { readonly cursor: string; readonly entry: HistoryEntry }[]
  readonly hasPreviousPage: boolean
  readonly hasNextPage: boolean
  /** The sources of which entries may be missing in this page. */
  readonly missing: readonly HistorySource[]
}

/** Histories for one operation of a caller. */
export interface HistoryForCaller {
  /**
   * Returns a page of the history of a user. A source that cannot be read is named, and is no failure. Each call to
   * GenAuth counts as a read of the caller: three, and one for each further page of the log. Paths of faults are those of
   * the arguments.
   */
  history(user: UserRef, wanted: WantedHistory): Promise<Result<History>>
}
