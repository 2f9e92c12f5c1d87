import { within } from '../base/deadline.ts'
import { lockNotHad, SURELY_HELD, type WithUserLock } from '../mfa/user-lock.ts'

/** The last in a line. Emptied when it is done, as `Flight` is. */
interface Tail {
  settled: Promise<void> | null
}

/**
 * Locks inside this process, by GenAuth's own id. Whose deadline passes while waiting gives up the turn, and
 * nothing was done. What another process or another client of GenAuth does is not kept out by these: GenAuth has
 * no compare-and-swap.
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
    const isMyTurn = await within(
      deadline,
      before.then(() => true),
      () => false,
    )
    if (isMyTurn) return result
    hasGivenUp = true
    return lockNotHad()
  }
}
