/** Resolves when the item is committed. Rejects with the error of its group. */
export type Commit<T> = (item: T) => Promise<void>

interface Waiting<T> {
  readonly item: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Creates one writer for many items. The items that arrive while a group is being committed are the next group. A slow
 * sync of the disk then limits how long each one waits, but not how many there can be. No group waits for more items.
 * The order is kept, and a group succeeds or fails as a whole.
 */
export function createGroupCommit<T>(commitAll: (items: readonly T[]) => Promise<void>): Commit<T> {
  const queue: Waiting<T>[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    // Items of the same round of the event loop share a group.
    await Promise.resolve()
    while (queue.length > 0) {
      const group = queue.splice(0)
      try {
        await commitAll(group.map(({ item }) => item))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    isRunning = false
  }

  return item =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      if (!isRunning) void run()
    })
}
