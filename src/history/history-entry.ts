import type { Change } from './change.ts'
import type { UserEvent } from './user-event.ts'

/** The sources of entries. The order is that of entries of the same millisecond. */
export const HISTORY_SOURCES = ['THIS_SERVICE', 'GENAUTH'] as const

export type HistorySource = (typeof HISTORY_SOURCES)[number]

/** One thing that happened to the second factors of a user. */
export type HistoryEntry =
  | { readonly source: 'THIS_SERVICE'; readonly change: Change }
  | { readonly source: 'GENAUTH'; readonly event: UserEvent }

/** A place in the history of a user, from the newest to the oldest. */
export interface HistoryPlace {
  readonly atMs: number
  readonly source: HistorySource
  readonly id: string
}

/** Returns the place of an entry. No two entries have the same. */
export function toPlace(entry: HistoryEntry): HistoryPlace {
  const { source } = entry
  const { atMs, id } = source === 'GENAUTH' ? entry.event : entry.change
  return { atMs, source, id }
}

/** Orders places: the newest first, then this service's own before GenAuth's, then the greatest id first. */
export function comparePlaces(left: HistoryPlace, right: HistoryPlace): number {
  if (left.atMs !== right.atMs) return right.atMs - left.atMs
  if (left.source !== right.source)
    return HISTORY_SOURCES.indexOf(left.source) - HISTORY_SOURCES.indexOf(right.source)
  if (left.id === right.id) return 0
  return left.id < right.id ? 1 : -1
}
