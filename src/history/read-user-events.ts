import { type Result, succeed } from '../mfa/failure.ts'
import { comparePlaces, type HistoryEntry, type HistoryPlace, toPlace } from './history-entry.ts'
import type { HistoryUpstream, LoggedRow, UserEventPage } from './history-upstream.ts'
import type { HistoryPart } from './merge-history.ts'
import type { UserEventType } from './user-event.ts'

/** The events of one kind, as far as they were read. */
export interface ReadUserEvents extends HistoryPart {
  /** `false` if entries may be missing: a call failed, a row could not be read, or the pages make no sense. */
  readonly isWhole: boolean
  readonly unreadable: number
}

export interface UserEventsQuery {
  /** GenAuth's own id. */
  readonly userId: string
  readonly type: UserEventType
  /** The entries behind this place are wanted. `null` begins with the newest. */
  readonly behind: HistoryPlace | null
  readonly first: number
}

/**
 * One page of the log has room for all that a page of the history shows. Others are read only if many rows are of one
 * time, are nothing to show, or if GenAuth does not go by the time that was asked for.
 */
const MAX_PAGES = 4

/**
 * Reads the log of one kind of event behind a place, until it has found `first` entries and one more.
 *
 * No document says in which order GenAuth lists its log, and by which unit it takes a time. So the rows themselves must
 * show it: if the log has more pages, they must be in order. Otherwise nothing is shown, and the part is not whole.
 *
 * @param countRead called before each call. Its refusal is the only failure
 */
export async function readUserEvents(
  upstream: HistoryUpstream,
  { userId, type, behind, first }: UserEventsQuery,
  countRead: () => Promise<Result<void>>,
): Promise<Result<ReadUserEvents>> {
  const untilMs = behind?.atMs ?? null
  const rows: LoggedRow[] = []
  let unreadable = 0
  let oldestMs = Number.POSITIVE_INFINITY
  for (let page = 1; page <= MAX_PAGES; page++) {
    const counted = await countRead()
    if (!counted.ok) return counted
    const read = await upstream.listUserEvents({ userId, type, untilMs, page })
    if (!read.ok) break
    rows.push(...read.value.rows)
    unreadable += read.value.unreadable
    const found = { entries: toEntries(rows, behind), isWhole: unreadable === 0, unreadable }
    if (rows.length + unreadable >= read.value.totalCount) return succeed({ ...found, readTo: null })
    if (!isInOrder(read.value, oldestMs)) break
    const isEmpty = read.value.rows.length + read.value.unreadable === 0
    if (isEmpty) return succeed({ ...found, readTo: null, isWhole: false })
    oldestMs = Math.min(oldestMs, read.value.rows.at(-1)?.atMs ?? oldestMs)
    const readTo = beforeEventsOf(oldestMs)
    const shown = found.entries.filter(entry => comparePlaces(toPlace(entry), readTo) <= 0).length
    if (shown > first || (page === MAX_PAGES && shown > 0)) return succeed({ ...found, readTo })
  }
  return succeed({ entries: [], readTo: null, isWhole: false, unreadable })
}

function toEntries(rows: readonly LoggedRow[], behind: HistoryPlace | null): HistoryEntry[] {
  return rows
    .flatMap(({ event }): HistoryEntry[] => (event === null ? [] : [{ source: 'GENAUTH', event }]))
    .filter(entry => behind === null || comparePlaces(behind, toPlace(entry)) < 0)
}

/**
 * Returns `true` if the newest rows come first. A page may repeat some of the page before, because new rows push the
 * others on.
 */
function isInOrder({ rows }: UserEventPage, oldestBeforeMs: number): boolean {
  const times = rows.map(({ atMs }) => atMs)
  const isSorted = times.every((atMs, index) => index === 0 || atMs <= (times[index - 1] ?? atMs))
  return isSorted && (times.at(-1) ?? 0) <= oldestBeforeMs
}

/** The next page may begin with rows of the time at which this one ends. So only rows before that time are certain. */
function beforeEventsOf(oldestMs: number): HistoryPlace {
  return { atMs: oldestMs, source: 'THIS_SERVICE', id: '' }
}
