import type { ScanFailure } from '../scan.ts'
import { type ListedUser, MAX_PAGE_USERS, type UserPage } from '../scan-upstream.ts'
import { findListFault } from './find-list-fault.ts'
import { type ListPlace, MAX_TAIL_USERS, startOfList, toNextWindow } from './list-place.ts'
import type { UserList } from './user-list.ts'

/** A page, or why there is none. */
export type ListStep =
  | {
      readonly kind: 'PAGE'
      /** Those of the page, without users whom a window shows again. */
      readonly users: readonly ListedUser[]
      /** Users whose record could not be read. */
      readonly unreadable: number
      /** The users of the list, as GenAuth counts them. In a window it counts the window alone. */
      readonly totalCount: number
      /** `true` if the page is that of a window. */
      readonly isOfWindow: boolean
      /** `true` if GenAuth counts more or fewer users than on the page before. */
      readonly hasMoved: boolean
      /** Where to go on. `null` after the last page of the last list. */
      readonly next: ListPlace | null
      /** `true` if nothing leads on, although GenAuth counts more users. */
      readonly isCutShort: boolean
    }
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  | { readonly kind: 'UNANSWERED' }

/**
 * Reads the page at a place of the lists.
 *
 * GenAuth may show only the first pages of a long list: it refuses a later page, or shows it with fewer users than it
 * counts. The list then goes on by windows of the time of sign-up. Each begins with the time of the last user so far,
 * and shows the users with just that time again.
 */
export async function readListPage(lists: readonly UserList[], place: ListPlace): Promise<ListStep> {
  const list = lists[place.list]
  if (list === undefined) throw new RangeError('There is no such list')
  const called = await list.read(place.page, place.fromMs)
  if (called.kind === 'ANSWERED') return toStep(lists, list, place, called.value)
  const fault = await findListFault(list, place, called)
  if (fault.kind !== 'BEYOND') return fault
  const window = list.hasWindows ? toNextWindow(place) : null
  // Each window begins later than the one before, so this ends.
  return window === null ? { kind: 'FAILED', failure: 'LIST_CUT_SHORT' } : readListPage(lists, window)
}

function toStep(lists: readonly UserList[], list: UserList, place: ListPlace, page: UserPage): ListStep {
  const { page: number, fromMs, skip } = place
  const { unreadable, totalCount } = page
  // If GenAuth ignores the window, it shows the oldest users first.
  if (fromMs !== null && page.users.some(({ createdAtMs }) => createdAtMs === null || createdAtMs < fromMs)) {
    return { kind: 'FAILED', failure: 'LIST_CUT_SHORT' }
  }
  const skipped = new Set(skip)
  const rows = page.users.length + unreadable
  const shown = (number - 1) * MAX_PAGE_USERS + rows
  const here: ListPlace = { ...place, ...follow(place, page.users), page: number + 1, totalCount }
  const step = {
    kind: 'PAGE',
    users: page.users.filter(({ ids }) => !skipped.has(ids.USER_ID)),
    unreadable,
    totalCount,
    isOfWindow: fromMs !== null,
    hasMoved: place.totalCount !== null && place.totalCount !== totalCount,
  } as const
  // A full page may be the last one that is shown, or counted. Only the next one tells.
  const isFull = rows === MAX_PAGE_USERS
  if (isFull && shown - rows < totalCount) return { ...step, next: here, isCutShort: false }
  if (!isFull && shown >= totalCount) {
    const next = place.list + 1 < lists.length ? startOfList(place.list + 1) : null
    return { ...step, next, isCutShort: false }
  }
  const next = list.hasWindows ? toNextWindow(here) : null
  return { ...step, next, isCutShort: next === null }
}

/** Returns the users who were created last, after a page, and whether all are in order still. */
function follow(
  { tail, isInOrder }: ListPlace,
  users: readonly ListedUser[],
): Pick<ListPlace, 'tail' | 'isInOrder'> {
  let last = tail
  let inOrder = isInOrder
  for (const { ids, createdAtMs } of users) {
    if (createdAtMs === null || (last !== null && createdAtMs < last.atMs)) inOrder = false
    else if (last?.atMs === createdAtMs) {
      if (last.userIds.length <= MAX_TAIL_USERS && !last.userIds.includes(ids.USER_ID)) {
        last = { atMs: createdAtMs, userIds: [...last.userIds, ids.USER_ID] }
      }
    } else last = { atMs: createdAtMs, userIds: [ids.USER_ID] }
  }
  return { tail: last, isInOrder: inOrder }
}
