import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRedisLeases, LEASE_MS } from '../../src/locks/redis-leases.ts'
import { hashKey } from '../../src/redis/hash-key.ts'
import { HAS_REDIS, startRedis, type TestRedis } from '../support/redis.ts'

const KEY = `test:user:${hashKey('u')}`
const FIRST = { genauthId: 'u', token: 'first' }
const SECOND = { genauthId: 'u', token: 'second' }
const GIVEN = { nowMs: expect.any(Number) }

describe.runIf(HAS_REDIS)('a lease', () => {
  let redis: TestRedis
  let client: Redis
  beforeAll(async () => {
    redis = await startRedis()
    client = new Redis(redis.url)
  })
  beforeEach(() => client.flushdb())
  afterAll(async () => {
    client.disconnect()
    await redis[Symbol.asyncDispose]()
  })

  const leasesOf = (replicaId: string) =>
    createRedisLeases({ connection: { client }, keyPrefix: 'test', replicaId })
  const runOut = () => client.hset(KEY, { until: Date.now() - 1 })
  const leftMs = async () => Number(await client.hget(KEY, 'until')) - Date.now()

  it('is given to one at a time, and ended and renewed by its holder alone', async () => {
    const [one, other] = [leasesOf('one'), leasesOf('other')]
    expect(await one.take(FIRST)).toEqual(GIVEN)
    expect(await other.take(SECOND)).toBeNull()
    expect([await other.renew(SECOND), await other.end(SECOND), await one.renew(FIRST)]).toEqual([
      false,
      false,
      true,
    ])
    expect(await one.end(FIRST)).toBe(true)
    expect(await other.take(SECOND)).toEqual(GIVEN)
  })

  it.each<[string, (other: ReturnType<typeof leasesOf>) => Promise<unknown>, boolean]>([
    ['goes on if no other was given since', async () => {}, true],
    ['is over if another was given since', other => other.take(SECOND), false],
    [
      'is over if another was given since and has ended',
      async other => [await other.take(SECOND), await other.end(SECOND)],
      false,
    ],
    ['goes on if Redis has lost its memory', () => client.flushdb(), true],
    [
      'is over if Redis has lost its memory and another was given since',
      async other => [await client.flushdb(), await other.take(SECOND)],
      false,
    ],
    [
      'is over if Redis has lost its memory and another has gone on and ended since',
      async other => [await client.flushdb(), await other.renew(SECOND), await other.end(SECOND)],
      false,
    ],
  ])('that ran out %s', async (_what, happen, isGoingOn) => {
    const [one, other] = [leasesOf('one'), leasesOf('other')]
    await one.take(FIRST)
    await runOut()
    await happen(other)
    expect(await one.renew(FIRST)).toBe(isGoingOn)
    if (isGoingOn) expect(await leftMs()).toBeGreaterThan(LEASE_MS / 2)
  })

  it('does not come back after its end', async () => {
    const one = leasesOf('one')
    await one.take(FIRST)
    await one.end(FIRST)
    expect(await one.renew(FIRST)).toBe(false)
    expect(await leasesOf('other').take(SECOND)).toEqual(GIVEN)
  })

  it('is remembered for longer than an operation may take', async () => {
    await leasesOf('one').take(FIRST)
    expect(await client.pttl(KEY)).toBeGreaterThan(890_000)
  })
})
