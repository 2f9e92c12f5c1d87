import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { toCallerKey } from '../src/access/caller.ts'
import { createRateLimits } from '../src/access/rate-limits.ts'
import { systemClock } from '../src/base/clock.ts'
import { createDeadline } from '../src/base/deadline.ts'
import { Events } from '../src/base/events.ts'
import { LEASE_MS } from '../src/locks/redis-leases.ts'
import { succeed } from '../src/mfa/failure.ts'
import { createFallbackQuota } from '../src/redis/fallback-quota.ts'
import { hashKey } from '../src/redis/hash-key.ts'
import { type ReplicaSharingOptions, shareWithReplicas } from '../src/replicas.ts'
import { HAS_REDIS, startRedis, type TestRedis, toSharingOptions } from './support/redis.ts'
import { startTcpSwitch } from './support/tcp-switch.ts'

const SOON = { timeout: 10_000 }
const CALLER = {
  issuer: 'i',
  subject: 's',
  client: null,
  scopes: new Set(['READ'] as const),
  scopeNames: ['mfa:read'],
  genauthId: null,
  isClient: false,
  authTimeS: null,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  acr: null,
  amr: [],
}

async function start({ url }: Pick<TestRedis, 'url'>, options: Partial<ReplicaSharingOptions> = {}) {
  const sharing = await shareWithReplicas({ ...toSharingOptions(url), ...options })
  return { sharing, [Symbol.asyncDispose]: () => sharing.close() }
}

describe('the share of a replica', () => {
  it.each([
    ['nothing is known', null, null, 75],
    ['two were last seen', null, 2, 150],
    ['two were last seen and three are configured', 3, 2, 100],
    ['five were last seen and three are configured', 3, 5, 60],
    ['none was ever seen and three are configured', 3, null, 100],
  ])('where %s', (_what, configured, seen, expected) => {
    const share = createFallbackQuota(configured)
    if (seen !== null) share.saw(seen)
    expect(share.of(300)).toBe(expected)
    expect(share.of(1)).toBe(1)
  })
})

describe.runIf(HAS_REDIS)('replicas', () => {
  it('count the calls of a caller together, and each its share when Redis is lost', async () => {
    await using redis = await startRedis()
    await using one = await start(redis)
    await using other = await start(redis)
    const limits = { reads: 4, writes: 1, weakenings: 1, misses: 1, policy: 1 }
    const [a, b] = [one, other].map(({ sharing }) =>
      createRateLimits(limits, sharing.createCounter, new Events())(toCallerKey(CALLER)),
    )
    if (a === undefined || b === undefined) throw new Error('Two replicas have two sets of limits')
    const counted = { ok: true }
    const refused = { ok: false, failure: { kind: 'RATE_LIMITED', origin: 'LAYER' } }
    const inTurn = [await a.countRead(), await b.countRead(), await a.countRead(), await b.countRead()]
    expect(inTurn).toMatchObject(Array(4).fill(counted))
    expect([await a.countRead(), await b.countRead()]).toMatchObject([refused, refused])
    await expect.poll(() => one.sharing.replicas, SOON).toBe(2)
    await redis.kill()
    const alone = [await a.countRead(), await a.countRead(), await a.countRead()]
    expect(alone).toMatchObject([counted, counted, refused])
  })

  it('reserve the guesses of a caller together, and give back in the window that they were taken from', async () => {
    await using redis = await startRedis()
    await using one = await start(redis)
    await using other = await start(redis)
    const limits = { reads: 1, writes: 1, weakenings: 1, misses: 30, policy: 1 }
    const [a, b] = [one, other].map(({ sharing }) =>
      createRateLimits(limits, sharing.createCounter, new Events())(toCallerKey(CALLER)),
    )
    if (a === undefined || b === undefined) throw new Error('Two replicas have two sets of limits')
    const deadline = createDeadline(5_000, systemClock)
    const reserve = async (from: typeof a, wanted: number) => {
      const reserved = await from.reserveMisses(wanted, deadline)
      return reserved.ok ? reserved.value : { count: 0, conclude() {} }
    }
    const guess = async (from: typeof a) => {
      const { count, conclude } = await reserve(from, 1)
      await sleep(5)
      if (count > 0) conclude(1)
      return count
    }
    const guessed = await Promise.all(Array.from({ length: 400 }, (_, n) => guess(n % 2 === 0 ? a : b)))
    expect(guessed.reduce((sum, count) => sum + count)).toBe(30)

    const client = new Redis(redis.url)
    await client.flushdb()
    const first = await reserve(a, 50)
    expect(first.count).toBe(30)
    first.conclude(10)
    // It is given back without anybody waiting for that.
    const used = async () => Promise.all((await client.keys('test:misses:*')).map(key => client.get(key)))
    await expect.poll(used, SOON).toEqual(['10'])
    const second = await reserve(b, 50)
    expect(second.count).toBe(20)
    await client.flushdb()
    const third = await reserve(a, 30)
    second.conclude(0)
    third.conclude(30)
    // What is given back in the wrong window would be so by then.
    await sleep(50)
    expect(await used()).toEqual(['30'])
    expect((await reserve(b, 1)).count).toBe(0)
    client.disconnect()
  })

  it('take turns with one user, though one of them always wants it', async () => {
    await using redis = await startRedis()
    await using one = await start(redis)
    await using other = await start(redis)
    const deadline = createDeadline(10_000, systemClock)
    const order: string[] = []
    let working = 0
    const set = ({ sharing }: typeof one, name: string) =>
      sharing.withUserLock('u', deadline, async lock => {
        expect([++working, lock.isHeld(), await lock.confirm()]).toEqual([1, true, true])
        order.push(name)
        await sleep(10)
        working--
        return succeed(name)
      })
    const greedy = Array.from({ length: 60 }, () => set(one, 'greedy'))
    // By then the greedy one has the user.
    await sleep(50)
    const modest = set(other, 'modest')
    await Promise.all([...greedy, modest])
    expect(order).toHaveLength(61)
    expect(order.at(-1)).toBe('greedy')
  })

  it('wait no longer than a lease for a user whose lease was given before the clock was set back', async () => {
    await using redis = await startRedis()
    await using one = await start(redis)
    const client = new Redis(redis.url)
    const key = `test:user:${hashKey('u')}`
    const inAnHour = Date.now() + 3_600_000
    await client.hset(key, { token: 'of-a-dead-replica', until: inAnHour })
    const nothing = async () => succeed(null)
    expect((await one.sharing.withUserLock('u', createDeadline(100, systemClock), nothing)).ok).toBe(false)
    expect(Number(await client.hget(key, 'until'))).toBeLessThanOrEqual(Date.now() + LEASE_MS)
    await client.hset(key, { until: Date.now() - 1 })
    expect((await one.sharing.withUserLock('u', createDeadline(5_000, systemClock), nothing)).ok).toBe(true)
    client.disconnect()
  })

  it('say of a lock that Redis was too slow to give that it is not shared, though Redis does not count as lost', async () => {
    await using redis = await startRedis()
    await using address = await startTcpSwitch(Number(new URL(redis.url).port))
    const impatient = { timeoutMs: 100, lostAfterTimeouts: 1_000 }
    await using one = await start({ url: `redis://127.0.0.1:${address.port}` }, impatient)
    await expect.poll(() => one.sharing.state, SOON).toBe('SHARED')
    address.delayBy(200)
    const said = await one.sharing.withUserLock('u', createDeadline(10_000, systemClock), async lock =>
      succeed([lock.isHeld(), lock.isShared(), await lock.confirm(), await lock.release()]),
    )
    expect(said).toEqual(succeed([true, false, true, false]))
    expect(one.sharing.state).toBe('SHARED')
  })

  it('give up a user at the deadline, nothing done', async () => {
    await using redis = await startRedis()
    await using one = await start(redis)
    await using other = await start(redis)
    const forLong = createDeadline(10_000, systemClock)
    let done = () => {}
    const holding = one.sharing.withUserLock('u', forLong, async () => {
      await new Promise<void>(resolve => {
        done = resolve
      })
      return succeed(null)
    })
    await sleep(50)
    let isStarted = false
    const late = await other.sharing.withUserLock('u', createDeadline(200, systemClock), async () => {
      isStarted = true
      return succeed(null)
    })
    expect(late).toMatchObject({ ok: false, failure: { reason: 'NOT_SENT', outcome: 'NOT_APPLIED' } })
    expect(isStarted).toBe(false)
    done()
    await holding
  })
})
