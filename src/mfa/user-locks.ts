/** Runs work on one user at a time, in the order asked. Work on different users does not wait. */
export type WithUserLock = <T>(genauthId: string, work: () => Promise<T>) => Promise<T>

/**
 * Locks inside this process, by GenAuth's own id. What another process or another client of GenAuth does is not
 * kept out: GenAuth has no compare-and-swap.
 */
export function createUserLocks(): WithUserLock {
  const tails = new Map<string, Promise<unknown>>()
  return async (genauthId, work) => {
    const before = tails.get(genauthId) ?? Promise.resolve()
    const result = before.then(work)
    const tail = result.catch(() => {})
    tails.set(genauthId, tail)
    void tail.then(() => {
      if (tails.get(genauthId) === tail) tails.delete(genauthId)
    })
    return result
  }
}
