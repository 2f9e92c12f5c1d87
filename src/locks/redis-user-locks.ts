import { randomUUID } from 'node:crypto'
import { type Deadline, within } from '../base/deadline.ts'
import { type HeldLock, lockNotHad, SURELY_HELD, type WithUserLock } from '../mfa/user-lock.ts'
import { LOST, type RedisConnection } from '../redis/connection.ts'
import type { LeaseMemory } from './lease-memory.ts'
import { LEASE_MS, type LeaseTerms, type RedisLeases } from './redis-leases.ts'
import { createUserLocks } from './user-locks.ts'

export interface RedisUserLocksOptions {
  readonly link: Pick<RedisConnection, 'ask'>
  readonly leases: RedisLeases
  readonly memory: Pick<LeaseMemory, 'lostAtMs' | 'noteClock'>
  readonly sleep: (ms: number) => Promise<void>
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
  /** From 0 to 1. */
  readonly random?: () => number
}

const RENEW_EVERY_MS = 1_500
/** A lease counts as over a little before it is, for the way of a write that leaves just then. */
const SAFETY_MS = 500
/** How often a replica asks for a user whom another one holds: anything between these two. */
const MIN_ASK_AGAIN_MS = 5
const MAX_ASK_AGAIN_MS = 20

/** In the place of an answer that had not come at the deadline. */
const LATE = Symbol('The deadline has passed')

/** Taken while Redis was lost: it keeps out nobody but this process. */
const HELD_HERE_ALONE: HeldLock = { ...SURELY_HELD, isShared: () => false, release: async () => false }

/**
 * Locks that all replicas share. Inside this process sets of one user stand in line as ever, so that Redis is asked
 * once for whoever is next. A lease runs out by itself when its holder dies, and is renewed while the work lasts.
 *
 * While Redis is lost the lock inside this process is all there is, and it says of itself that it is not shared. Nor
 * is a lease that was taken before Redis may have lost others, or less than a lease's time after that: another replica
 * may still act on one that was lost. No wait for Redis goes beyond the deadline.
 */
export function createRedisUserLocks(options: RedisUserLocksOptions): WithUserLock {
  const { link, leases, memory, sleep, now = () => performance.now(), random = Math.random } = options
  const withOwnLock = createUserLocks()
  const askWithin = <T>(deadline: Deadline, question: () => Promise<T>) =>
    within<T | typeof LOST, typeof LATE>(deadline, link.ask(question), () => LATE)

  /** Where Redis is only slow, a lease need not be kept from others until it runs out. */
  function endUnasked(terms: LeaseTerms): void {
    leases.end(terms).catch(() => {})
  }

  /** Null: not in time. */
  async function take(genauthId: string, deadline: Deadline): Promise<HeldLock | null> {
    const terms = { genauthId, token: randomUUID() }
    for (;;) {
      const askedAtMs = now()
      const given = await askWithin(deadline, () => leases.take(terms))
      if (given === LOST || given === LATE) {
        // Whether it was given is not known.
        endUnasked(terms)
        return given === LOST ? HELD_HERE_ALONE : null
      }
      if (given !== null) {
        memory.noteClock(given.nowMs, askedAtMs)
        return hold(terms, askedAtMs, deadline)
      }
      const waitMs = MIN_ASK_AGAIN_MS + random() * (MAX_ASK_AGAIN_MS - MIN_ASK_AGAIN_MS)
      if (waitMs >= deadline.remainingMs()) return null
      await sleep(waitMs)
    }
  }

  function hold(terms: LeaseTerms, takenAtMs: number, deadline: Deadline): HeldLock {
    let endsAtMs = takenAtMs + LEASE_MS - SAFETY_MS
    let isOver = false
    /** Redis was lost while the lease ran: from then on it is as with a lock that was taken without Redis. */
    let isLocal = false
    let wasLost = false
    let releasing: Promise<boolean> | null = null
    const isHeld = () => !isOver && (isLocal || now() < endsAtMs)
    const isShared = () => !isOver && !wasLost && memory.lostAtMs + LEASE_MS <= takenAtMs

    async function confirm(): Promise<boolean> {
      const askedAtMs = now()
      const isRunning = askedAtMs < endsAtMs
      const renewed = await askWithin(deadline, () => leases.renew(terms))
      // Nothing is sent any more, and what became of the lease is asked at its end.
      if (renewed === LATE) return false
      if (renewed === LOST) {
        isLocal ||= isRunning
        wasLost = true
      } else if (renewed) [isLocal, endsAtMs] = [false, askedAtMs + LEASE_MS - SAFETY_MS]
      else isOver = true
      return isHeld()
    }

    /** A lease that was still there at its end was nobody else's before it. */
    async function end(): Promise<boolean> {
      clearInterval(timer)
      const wasKept = await askWithin(deadline, () => leases.end(terms))
      if (wasKept === LOST) endUnasked(terms)
      return wasKept === true && isShared()
    }

    const timer = setInterval(() => void confirm(), RENEW_EVERY_MS)
    return {
      isHeld,
      confirm,
      isShared,
      release() {
        releasing ??= end()
        return releasing
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
        void held.release()
      }
    })
}
