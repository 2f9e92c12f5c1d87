import { type Deadline, within } from './deadline.ts'
import { fail, notSent, type Result } from './failure.ts'

/** Runs work on one user at a time, in the order asked. Work on different users does not wait. */
export type WithUserLock = <T>(
  genauthId: string,
  deadline: Deadline,
  work: () => Promise<Result<T>>,
) => Promise<Result<T>>

/**
 * Locks inside this process, by GenAuth's own id. Whose deadline passes while waiting gives up the turn, and
 * nothing was done. What another process or another client of GenAuth does is not kept out: GenAuth has no
 * compare-and-swap.
 */
export function createUserLocks(): WithUserLock {
  const tails = new Map<string, Promise<unknown>>()
  return async (genauthId, deadline, work) => {
    const before = tails.get(genauthId) ?? Promise.resolve()
    let hasGivenUp = false
    const result = before.then(() => (hasGivenUp ? giveUp() : work()))
    const tail = result.catch(() => {})
    tails.set(genauthId, tail)
    void tail.then(() => {
      if (tails.get(genauthId) === tail) tails.delete(genauthId)
    })
    const isMyTurn = await within(
      deadline,
      before.then(() => true),
      () => false,
    )
    if (isMyTurn) return result
    hasGivenUp = true
    return giveUp()
  }
}

function giveUp(): Result<never> {
  return fail({ ...notSent(), outcome: 'NOT_APPLIED' })
}
