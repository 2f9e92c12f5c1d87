/** Resolves when the item is committed. Rejects with the error of its group. */
export type Commit<T> = (item: T) => Promise<void>

/**
 * Creates one writer for many items. The items that arrive while a group is being committed are the next group. A slow
 * sync of the disk then limits how long each one waits, but not how many there can be. No group waits for more items.
 * The order is kept, and a group succeeds or fails as a whole.
 */
export function createGroupCommit<T>(commitAll: (items: readonly T[]) => Promise<void>): Commit<T> {
  let items: T[] = []
  /** The group that `items` will be. `null` while there are none. */
  let next: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()

  async function commitNext(before: Promise<void>): Promise<void> {
    // Items of the same round of the event loop share a group. A failure belongs to the group before.
    await before.catch(() => {})
    const group = items
    items = []
    next = null
    await commitAll(group)
  }

  return item => {
    items.push(item)
    if (next === null) {
      next = commitNext(last)
      last = next
    }
    return next
  }
}
