import type { Deadline } from '../base/deadline.ts'
import { lockNotHad, SURELY_HELD, type WithUserLock } from '../mfa/user-lock.ts'

/** A place in the line for one user. */
interface Place {
  /** Called when the work before is over. It is `null` if nobody waits here: the work runs, or was given up. */
  begin: (() => void) | null
  next: Place | null
}

/**
 * Creates locks inside this process, by GenAuth's own user ID. A caller whose deadline passes while it waits gives up,
 * and nothing was done. The locks do not keep out another process or another client of GenAuth, which has no
 * compare-and-swap.
 */
export function createUserLocks(): WithUserLock {
  /** The last place of each line. */
  const tails = new Map<string, Place>()

  /** Lets the work of the next place begin that has not been given up. */
  function leave(genauthId: string, { next }: Place): void {
    let place = next
    while (place !== null && place.begin === null) place = place.next
    if (place === null) tails.delete(genauthId)
    else place.begin?.()
  }

  return async (genauthId, deadline, work) => {
    const before = tails.get(genauthId)
    const place: Place = { begin: null, next: null }
    tails.set(genauthId, place)
    if (before !== undefined) {
      before.next = place
      if (!(await waitAt(place, deadline))) return lockNotHad()
    }
    try {
      return await work(SURELY_HELD)
    } finally {
      leave(genauthId, place)
    }
  }
}

/** Returns `false` if the deadline passes first. */
function waitAt(place: Place, { clock, remainingMs }: Deadline): Promise<boolean> {
  return new Promise(resolve => {
    const timer = clock.after(Math.max(0, remainingMs()), () => {
      place.begin = null
      resolve(false)
    })
    place.begin = () => {
      place.begin = null
      timer.cancel()
      resolve(true)
    }
  })
}
