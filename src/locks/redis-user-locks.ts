import { randomUUID } from 'node:crypto'
import { type Clock, every, sleep } from '../base/clock.ts'
import { type Deadline, within } from '../base/deadline.ts'
import { type HeldLock, lockNotHad, SURELY_HELD, type WithUserLock } from '../mfa/user-lock.ts'
import { LOST, type RedisConnection } from '../redis/connection.ts'
import type { LeaseMemory } from './lease-memory.ts'
import { LEASE_MS, type LeaseTerms, type RedisLeases } from './redis-leases.ts'
import { createUserLocks } from './user-locks.ts'

export interface RedisUserLocksOptions {
  readonly connection: Pick<RedisConnection, 'ask'>
  readonly leases: RedisLeases
  readonly memory: Pick<LeaseMemory, 'lostAtMs' | 'noteClock'>
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random?: () => number
}

const RENEW_EVERY_MS = 1_500
/** A lease counts as over a little early, to cover the way of a write that is just being sent. */
const SAFETY_MS = 500
/** A replica that waits for a user asks again after a random time between these two. */
const MIN_ASK_AGAIN_MS = 5
const MAX_ASK_AGAIN_MS = 20

/** Stands for a reply that did not come before the deadline. */
const LATE = Symbol('The deadline has passed')

/** A lock that was taken while Redis was lost. It keeps out only this process. */
const HELD_HERE_ALONE: HeldLock = { ...SURELY_HELD, isShared: () => false, release: async () => false }

/**
 * Creates locks that all replicas share. Inside this process the writes of one user still wait in line, so only the
 * first one asks Redis. A lease expires by itself if its holder dies. The holder renews it while the work lasts.
 *
 * Some locks report that they are not shared, because another replica may hold the user, too:
 *
 * - a lock taken while Redis is lost: it is a lock inside this process only,
 * - a lease taken before Redis may have lost its memory, or less than one lease's length after that.
 *
 * No wait for Redis goes beyond the deadline.
 */
export function createRedisUserLocks(options: RedisUserLocksOptions): WithUserLock {
  const { connection, leases, memory, clock, random = Math.random } = options
  const withOwnLock = createUserLocks()
  const askWithin = <T>(deadline: Deadline, question: () => Promise<T>) =>
    within<T | typeof LOST, typeof LATE>(deadline, connection.ask(question), () => LATE)

  /** Ends a lease without waiting. If Redis is only slow, others need not wait until the lease expires. */
  function endUnasked(terms: LeaseTerms): void {
    leases.end(terms).catch(() => {})
  }

  /** Returns `null` if the lock could not be had in time. */
  async function take(genauthId: string, deadline: Deadline): Promise<HeldLock | null> {
    const terms = { genauthId, token: randomUUID() }
    for (;;) {
      const askedAtMs = clock.monotonic()
      const given = await askWithin(deadline, () => leases.take(terms))
      if (given === LOST || given === LATE) {
        // Redis may or may not have given the lease.
        endUnasked(terms)
        return given === LOST ? HELD_HERE_ALONE : null
      }
      if (given !== null) {
        memory.noteClock(given.nowMs, askedAtMs)
        return hold(terms, askedAtMs, deadline)
      }
      const waitMs = MIN_ASK_AGAIN_MS + random() * (MAX_ASK_AGAIN_MS - MIN_ASK_AGAIN_MS)
      if (waitMs >= deadline.remainingMs()) return null
      await sleep(clock, waitMs)
    }
  }

  function hold(terms: LeaseTerms, takenAtMs: number, deadline: Deadline): HeldLock {
    let endsAtMs = takenAtMs + LEASE_MS - SAFETY_MS
    let isOver = false
    /** Redis was lost while the lease ran. From then on it is like a lock that was taken without Redis. */
    let isLocal = false
    let wasLost = false
    let releasing: Promise<boolean> | null = null
    const isHeld = () => !isOver && (isLocal || clock.monotonic() < endsAtMs)
    const isShared = () => !isOver && !wasLost && memory.lostAtMs + LEASE_MS <= takenAtMs

    async function confirm(): Promise<boolean> {
      const askedAtMs = clock.monotonic()
      const isRunning = askedAtMs < endsAtMs
      const renewed = await askWithin(deadline, () => leases.renew(terms))
      // Nothing more is sent. The end of the lease asks what became of it.
      if (renewed === LATE) return false
      if (renewed === LOST) {
        isLocal ||= isRunning
        wasLost = true
      } else if (renewed) [isLocal, endsAtMs] = [false, askedAtMs + LEASE_MS - SAFETY_MS]
      else isOver = true
      return isHeld()
    }

    /** If the lease is still there at its end, nobody else held it before. */
    async function end(): Promise<boolean> {
      renewals.cancel()
      const wasKept = await askWithin(deadline, () => leases.end(terms))
      if (wasKept === LOST) endUnasked(terms)
      return wasKept === true && isShared()
    }

    const renewals = every(clock, RENEW_EVERY_MS, () => void confirm())
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
