import { MAX_PAGE_USERS, type UserPage } from '../scan-upstream.ts'
import type { Called } from './scan-calls.ts'
import type { UserList } from './user-list.ts'

/** A list whose pages are begun before they are asked for. */
export interface ListReadAhead extends UserList {
  /** Waits for the pages that were begun and never asked for. */
  settle(): Promise<void>
}

/**
 * Returns the same list, but begins to read some pages before they are asked for. It begins with none that GenAuth does
 * not count, so a list that is read to its end costs no call more. Windows are read one page after the other.
 */
export function readAhead(list: UserList, pages: number): ListReadAhead {
  const begun = new Map<number, Promise<Called<UserPage>>>()
  let lastBegun = 0
  let lastCounted = 0
  return {
    hasWindows: list.hasWindows,
    async read(page, fromMs) {
      if (fromMs !== null) return list.read(page, fromMs)
      const reading = begun.get(page) ?? list.read(page, null)
      begun.delete(page)
      lastBegun = Math.max(lastBegun, page)
      while (lastBegun < Math.min(lastCounted, page + pages))
        begun.set(++lastBegun, list.read(lastBegun, null))
      const called = await reading
      if (called.kind === 'ANSWERED') lastCounted = Math.ceil(called.value.totalCount / MAX_PAGE_USERS)
      return called
    },
    async settle() {
      await Promise.all(begun.values())
    },
  }
}
