import { within } from '../base/deadline.ts'
import { lockNotHad, SURELY_HELD, type WithUserLock } from '../mfa/user-lock.ts'

/** The last work in a line for one user. It drops its promise when it is done, to free the memory. */
interface Tail {
  settled: Promise<void> | null
}

/**
 * Creates locks inside this process, by GenAuth's own user ID. A caller whose deadline passes while it waits gives up,
 * and nothing was done. The locks do not keep out another process or another client of GenAuth, which has no
 * compare-and-swap.
 */
export function createUserLocks(): WithUserLock {
  const tails = new Map<string, Tail>()
  return async (genauthId, deadline, work) => {
    const before = tails.get(genauthId)?.settled ?? Promise.resolve()
    let hasGivenUp = false
    const result = before.then(() => (hasGivenUp ? lockNotHad() : work(SURELY_HELD)))
    const settled = result.then(
      () => {},
      () => {},
    )
    const tail: Tail = { settled }
    tails.set(genauthId, tail)
    void settled.then(() => {
      if (tails.get(genauthId) === tail) tails.delete(genauthId)
      tail.settled = null
    })
    const isNext = await within(
      deadline,
      before.then(() => true),
      () => false,
    )
    if (isNext) return result
    hasGivenUp = true
    return lockNotHad()
  }
}
