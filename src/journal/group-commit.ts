/** Resolves when the item is committed; rejects with what its group was refused with. */
export type Commit<T> = (item: T) => Promise<void>

interface Waiting<T> {
  readonly item: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * One writer for many: whatever came while a group was being committed is the next group. A disk that needs
 * milliseconds for a sync then limits how long one writer waits, not how many there can be. No group waits for
 * more to come. Order is kept, and a group succeeds or fails as a whole.
 */
export function createGroupCommit<T>(commitAll: (items: readonly T[]) => Promise<void>): Commit<T> {
  const queue: Waiting<T>[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    // Those who ask in the same turn as the first share its group.
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
