import { comparePlaces, type HistoryEntry, type HistoryPlace, toPlace } from './history-entry.ts'

/** The part that was read of one list of entries, behind a place. */
export interface HistoryPart {
  readonly entries: readonly HistoryEntry[]
  /**
   * Every entry of this list up to this place, and at it, is among those that were read. `null` if the list was read to
   * its end.
   */
  readonly readTo: HistoryPlace | null
}

/** Some entries, the newest first. */
export interface MergedHistory {
  readonly entries: readonly HistoryEntry[]
  /** `true` if there may be older ones. */
  readonly hasMore: boolean
}

/**
 * Merges what was read of several lists into one page.
 *
 * A list that was not read to its end may hold more entries behind `readTo`. So no entry of another list is shown from
 * there on. Otherwise the next page would begin behind an entry that nobody has seen. An entry that was read twice is
 * shown once.
 *
 * @param behind the page begins behind this place. `null` begins with the newest
 */
export function mergeHistory(
  parts: readonly HistoryPart[],
  first: number,
  behind: HistoryPlace | null,
): MergedHistory {
  const ends = parts.flatMap(({ readTo }) => (readTo === null ? [] : [readTo]))
  const placed = parts
    .flatMap(({ entries }) => entries)
    .map(entry => ({ entry, place: toPlace(entry) }))
    .filter(({ place }) => behind === null || comparePlaces(behind, place) < 0)
    .filter(({ place }) => ends.every(end => comparePlaces(place, end) <= 0))
    .sort((left, right) => comparePlaces(left.place, right.place))
  const distinct = placed.filter(({ place }, index) => {
    const previous = placed[index - 1]
    return previous === undefined || comparePlaces(previous.place, place) !== 0
  })
  return {
    entries: distinct.slice(0, first).map(({ entry }) => entry),
    hasMore: distinct.length > first || ends.length > 0,
  }
}
