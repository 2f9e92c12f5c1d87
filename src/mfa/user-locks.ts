import { type Deadline, within } from './deadline.ts'
import { fail, notSent, type Result } from './failure.ts'

/** What somebody who works on a user can ask about the lock. */
export interface HeldLock {
  /** Whether it is still held, as far as is known without asking anybody. */
  isHeld(): boolean
  /** The same after asking where it is kept: to be done before what must not happen twice. */
  confirm(): Promise<boolean>
  /**
   * Whether it has kept out every other replica ever since it was taken, as far as is known without asking anybody.
   * True, too, where replicas share nothing: nobody expects it there.
   */
  isShared(): boolean
  /**
   * Gives the lock back when the work on the user is over, and says `isShared` of all of it. The lock is given back
   * after the work in any case.
   */
  release(): Promise<boolean>
}

/** Runs work on one user at a time, in the order asked. Work on different users does not wait. */
export type WithUserLock = <T>(
  genauthId: string,
  deadline: Deadline,
  work: (lock: HeldLock) => Promise<Result<T>>,
) => Promise<Result<T>>

/** A lock inside a process is held until the work is over. */
export const SURELY_HELD: HeldLock = {
  isHeld: () => true,
  confirm: async () => true,
  isShared: () => true,
  release: async () => true,
}

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

/** Nothing was done, since the lock was not had in time, or not any more. */
export function lockNotHad(): Result<never> {
  return fail({ ...notSent(), outcome: 'NOT_APPLIED' })
}
