import { randomUUID } from 'node:crypto'
import type { Deadline } from '../mfa/deadline.ts'
import {
  createUserLocks,
  type HeldLock,
  lockNotHad,
  SURELY_HELD,
  type WithUserLock,
} from '../mfa/user-locks.ts'
import { LOST, type RedisLink } from './link.ts'
import { LEASE_MS, type LeaseTerms, type UserLeases } from './user-leases.ts'

export interface SharedUserLocksOptions {
  readonly link: Pick<RedisLink, 'ask'>
  readonly leases: UserLeases
  readonly sleep: (ms: number) => Promise<void>
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
  /** From 0 to 1. */
  readonly random?: () => number
}

/** A hold that ends with `release`. */
interface Hold extends HeldLock {
  release(): void
}

const RENEW_EVERY_MS = 1_500
/** A lease counts as over a little before it is, for the way of a write that leaves just then. */
const SAFETY_MS = 500
/** How often a replica asks for a user whom another one holds: anything between these two. */
const MIN_ASK_AGAIN_MS = 5
const MAX_ASK_AGAIN_MS = 20

/**
 * Locks that all replicas share. Inside this process sets of one user stand in line as ever, so that Redis is asked
 * once for whoever is next. A lease runs out by itself when its holder dies, and is renewed while the work lasts.
 *
 * While Redis is lost the lock inside this process is all there is: a set must not be impossible because of that.
 */
export function createSharedUserLocks(options: SharedUserLocksOptions): WithUserLock {
  const { link, leases, sleep, now = () => performance.now(), random = Math.random } = options
  const withOwnLock = createUserLocks()

  /** Null: not in time. */
  async function take(genauthId: string, deadline: Deadline): Promise<Hold | null> {
    const token = randomUUID()
    for (;;) {
      const askedAtMs = now()
      const fence = await link.ask(() => leases.take(genauthId, token))
      if (fence === LOST) {
        // Whether it was given is not known. If so, it need not be kept from others until it runs out.
        void leases.end({ genauthId, token }).catch(() => {})
        return { ...SURELY_HELD, release() {} }
      }
      if (fence !== null) return hold({ genauthId, token, fence }, askedAtMs)
      const waitMs = MIN_ASK_AGAIN_MS + random() * (MAX_ASK_AGAIN_MS - MIN_ASK_AGAIN_MS)
      if (waitMs >= deadline.remainingMs()) return null
      await sleep(waitMs)
    }
  }

  function hold(terms: LeaseTerms, takenAtMs: number): Hold {
    let endsAtMs = takenAtMs + LEASE_MS - SAFETY_MS
    let isOver = false
    /** Redis was lost while the lease ran: from then on it is as with a lock that was taken without Redis. */
    let isLocal = false
    const isHeld = () => !isOver && (isLocal || now() < endsAtMs)

    async function confirm(): Promise<boolean> {
      const askedAtMs = now()
      const isRunning = askedAtMs < endsAtMs
      const renewed = await link.ask(() => leases.renew(terms))
      if (renewed === LOST) isLocal ||= isRunning
      else if (renewed) [isLocal, endsAtMs] = [false, askedAtMs + LEASE_MS - SAFETY_MS]
      else isOver = true
      return isHeld()
    }

    const timer = setInterval(() => void confirm(), RENEW_EVERY_MS)
    return {
      isHeld,
      confirm,
      release() {
        clearInterval(timer)
        void link.ask(() => leases.end(terms))
      },
    }
  }

  return (genauthId, deadline, work) =>
    withOwnLock(genauthId, deadline, async () => {
      const held = await take(genauthId, deadline)
      if (held === null) return lockNotHad()
      try {
        return await work(held)
      } finally {
        held.release()
      }
    })
}
