import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { createLeaseMemory } from '../../src/locks/lease-memory.ts'
import { LEASE_MS, type RedisLeases } from '../../src/locks/redis-leases.ts'
import { createRedisUserLocks } from '../../src/locks/redis-user-locks.ts'
import { succeed } from '../../src/mfa/failure.ts'
import type { HeldLock } from '../../src/mfa/user-lock.ts'
import { LOST } from '../../src/redis/connection.ts'
import { clockAt } from '../support/hand-clock.ts'

/** Locks over leases that a test answers for, at times that a test sets. */
function createWorld() {
  const world = {
    nowMs: 1_000_000,
    redisAheadMs: 0,
    isLost: false,
    isSilent: false,
    isRunning: true,
    asked: [] as string[],
  }
  const answer = async <T>(what: string, value: T): Promise<T> => {
    world.asked.push(what)
    return world.isSilent ? new Promise<T>(() => {}) : value
  }
  const memory = createLeaseMemory(clockAt(() => world.nowMs))
  const leases: RedisLeases = {
    take: () => answer('take', { nowMs: world.nowMs + world.redisAheadMs }),
    renew: () => answer('renew', world.isRunning),
    end: () => answer('end', world.isRunning),
  }
  const withUserLock = createRedisUserLocks({
    connection: { ask: async question => (world.isLost ? LOST : question()) },
    leases,
    memory,
    clock: clockAt(() => world.nowMs),
  })
  /** What the lock says at the end of some work, and after it. */
  async function during(work: (lock: HeldLock) => unknown) {
    const result = await withUserLock('u', createDeadline(10_000, systemClock), async lock => {
      await work(lock)
      return succeed({ isHeld: lock.isHeld(), isShared: await lock.release() })
    })
    return result.ok ? result.value : result.failure
  }
  return { world, memory, withUserLock, during }
}

const SHARED = { isHeld: true, isShared: true }
const HELD = { isHeld: true, isShared: false }
const LOST_IT = { isHeld: false, isShared: false }

describe('a lock of several replicas', () => {
  it('is shared while Redis answers', async () => {
    const { world, during } = createWorld()
    expect(await during(lock => lock.confirm())).toEqual(SHARED)
    expect(world.asked).toEqual(['take', 'renew', 'end'])
  })

  it('is not shared for a lease after a new connection, and is from then on', async () => {
    const { world, memory, during } = createWorld()
    memory.noteConnection()
    expect(await during(() => {})).toEqual(HELD)
    world.nowMs += LEASE_MS - 1
    expect(await during(lock => lock.confirm())).toEqual(HELD)
    world.nowMs += 1
    expect(await during(lock => lock.confirm())).toEqual(SHARED)
  })

  it('is not shared while a lease that ended early may still be acted on', async () => {
    const { world, during } = createWorld()
    expect(await during(() => {})).toEqual(SHARED)
    world.redisAheadMs = 10_000
    expect(await during(() => {})).toEqual(HELD)
    world.nowMs += LEASE_MS
    expect(await during(() => {})).toEqual(SHARED)
  })

  it.each<[string, (world: ReturnType<typeof createWorld>) => void, typeof HELD]>([
    ['Redis is lost', ({ world }) => Object.assign(world, { isLost: true }), HELD],
    ['the connection is a new one', ({ memory }) => memory.noteConnection(), HELD],
    ['another replica has had it', ({ world }) => Object.assign(world, { isRunning: false }), LOST_IT],
  ])('is not shared any more once %s', async (_what, happen, expected) => {
    const { world, memory, withUserLock, during } = createWorld()
    const found = await during(async lock => {
      expect(lock.isShared()).toBe(true)
      happen({ world, memory, withUserLock, during })
      await lock.confirm()
      Object.assign(world, { isLost: false })
      await lock.confirm()
    })
    expect(found).toEqual(expected)
  })

  it('was not shared if it was over at its end, though nobody noticed before', async () => {
    const { world, during } = createWorld()
    expect(await during(() => Object.assign(world, { isRunning: false }))).toEqual(HELD)
    world.isRunning = true
    expect(await during(() => Object.assign(world, { isLost: true }))).toEqual(HELD)
  })

  it('is given back where Redis is only slow, so that others need not wait until it runs out', async () => {
    const { world, during } = createWorld()
    await during(() => Object.assign(world, { isLost: true }))
    expect(world.asked).toEqual(['take', 'end'])
  })

  it.each([
    ['stands still until the lease is over', LEASE_MS],
    ['stands still for an hour', 3_600_000],
  ])('is not held by a process that %s, until Redis says so', async (_what, stallMs) => {
    const { world, during } = createWorld()
    await during(async lock => {
      world.nowMs += stallMs
      expect(lock.isHeld()).toBe(false)
      expect(await lock.confirm()).toBe(true)
      world.nowMs += stallMs
      world.isRunning = false
      expect(await lock.confirm()).toBe(false)
      // Redis is away when it wakes up.
      Object.assign(world, { isRunning: true, isLost: true })
      expect(await lock.confirm()).toBe(false)
    })
  })

  it('is waited for until the deadline at most, whatever Redis does not say', async () => {
    const { world, withUserLock } = createWorld()
    world.isSilent = true
    const never = async () => succeed('done')
    const late = await withUserLock('u', createDeadline(20, systemClock), never)
    expect(late).toMatchObject({ ok: false, failure: { outcome: 'NOT_APPLIED', retryable: true } })
    // It may have been given all the same.
    expect(world.asked).toEqual(['take', 'end'])

    world.isSilent = false
    const done = await withUserLock('u', createDeadline(20, systemClock), async lock => {
      world.isSilent = true
      return succeed([await lock.confirm(), await lock.release()])
    })
    expect(done).toEqual(succeed([false, false]))
  })
})
