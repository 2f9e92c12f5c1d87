import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { createRedisConnection, LOST } from '../../src/redis/connection.ts'
import { isOfThePeer } from '../../src/redis/redis-fault.ts'
import { type ReplicaSharingOptions, shareWithReplicas } from '../../src/replicas.ts'
import { HAS_REDIS, startRedis, type TestRedis, toSharingOptions } from '../support/redis.ts'
import { startTcpSwitch, type TcpSwitch } from '../support/tcp-switch.ts'

/** For what the server does by itself within a second or so. */
const SOON = { timeout: 12_000, interval: 20 }
type Patience = Partial<Pick<ReplicaSharingOptions, 'timeoutMs' | 'lostAfterTimeouts'>>
const NOBODY = ['127.0.0.1', '1'] as const

async function start({ port }: Pick<TcpSwitch, 'port'>, patience: Patience = {}) {
  const reasons: unknown[] = []
  const log = pino({ level: 'warn' }, { write: line => reasons.push(JSON.parse(line).reason) })
  const sharing = await shareWithReplicas({
    ...toSharingOptions(`redis://127.0.0.1:${port}`),
    ...patience,
    log,
  })
  return { sharing, reasons, [Symbol.asyncDispose]: () => sharing.close() }
}

const toPort = ({ url }: TestRedis) => Number(new URL(url).port)

/** As an operator: straight to one server. */
async function tell({ url }: TestRedis, ...[name = '', ...args]: readonly string[]): Promise<void> {
  const redis = new Redis(url, { enableReadyCheck: false })
  await redis.call(name, ...args)
  redis.disconnect()
}

describe('what Redis refuses', () => {
  it.each([
    ["READONLY You can't write against a read only replica.", true],
    ['LOADING Redis is loading the dataset in memory', true],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true],
    ['NOREPLICAS Not enough good replicas to write.', true],
    ['CLUSTERDOWN Hash slot not served', true],
    ['MOVED 3999 127.0.0.1:6381', true],
    ['NOAUTH Authentication required.', true],
    ["NOPERM User default has no permissions to run the 'evalsha' command", true],
    ["OOM command not allowed when used memory > 'maxmemory'.", true],
    ['MISCONF Redis is configured to save RDB snapshots', true],
    ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', true],
    ['BUSY Redis is busy running a script.', true],
    ['NOSCRIPT No matching script. Please use EVAL.', false],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', false],
    ["ERR unknown command 'NONSENSE'", false],
  ])('%s', (message, expected) => {
    const error = Object.assign(new Error(message), { name: 'ReplyError' })
    expect(isOfThePeer(error)).toBe(expected)
    expect(isOfThePeer(new Error(message))).toBe(false)
  })
})

describe.runIf(HAS_REDIS)('a connection that leads to a server which refuses', { tags: 'long' }, () => {
  it.concurrent.for<[string, string[][]]>([
    ['READONLY', [['REPLICAOF', ...NOBODY]]],
    [
      'MASTERDOWN',
      [
        ['CONFIG', 'SET', 'replica-serve-stale-data', 'no'],
        ['REPLICAOF', ...NOBODY],
      ],
    ],
    ['NOREPLICAS', [['CONFIG', 'SET', 'min-replicas-to-write', '1']]],
    ['OOM', [['CONFIG', 'SET', 'maxmemory', '1']]],
    ['NOPERM', [['ACL', 'SETUSER', 'default', '-eval', '-evalsha']]],
  ])(
    '%s is ended, now and then, until the address leads to another',
    async ([word, commands], { expect }) => {
      await using before = await startRedis()
      await using after = await startRedis()
      await using address = await startTcpSwitch(toPort(before))
      await using replica = await start(address)
      const { sharing } = replica
      expect(sharing.state).toBe('SHARED')
      expect(address.connections).toBe(1)

      for (const command of commands) await tell(before, ...command)
      await expect.poll(() => sharing.state, SOON).toBe('LOCAL')
      await sleep(1_500)
      expect(sharing.state).toBe('LOCAL')
      // The waits grow by 50 ms each.
      expect(address.connections).toBeGreaterThan(2)
      expect(address.connections).toBeLessThan(10)

      address.leadTo(toPort(after))
      await expect.poll(() => sharing.state, SOON).toBe('SHARED')
      expect(replica.reasons).toContain(word)
    },
  )

  it.concurrent('is ended by a refusal that comes too late to be waited for', async ({ expect }) => {
    await using before = await startRedis()
    await using after = await startRedis()
    await using address = await startTcpSwitch(toPort(before))
    await using replica = await start(address, { timeoutMs: 100, lostAfterTimeouts: 1 })
    address.delayBy(150)
    await expect.poll(() => replica.sharing.state, SOON).toBe('LOCAL')
    expect(address.connections).toBe(1)
    await tell(before, 'REPLICAOF', ...NOBODY)
    await expect.poll(() => address.connections, SOON).toBeGreaterThan(2)
    expect(replica.reasons).toEqual(['TIMED_OUT', 'READONLY'])
    address.delayBy(0)
    address.leadTo(toPort(after))
    await expect.poll(() => replica.sharing.state, SOON).toBe('SHARED')
  })

  it.concurrent('is ended where it takes everything and says nothing', { tags: 'long' }, async ({
    expect,
  }) => {
    await using redis = await startRedis()
    await using address = await startTcpSwitch(toPort(redis))
    await using replica = await start(address)
    redis.pause()
    address.swallow()
    await expect.poll(() => address.connections, SOON).toBeGreaterThan(2)
    address.leadTo(toPort(redis))
    redis.resume()
    await expect.poll(() => replica.sharing.state, SOON).toBe('SHARED')
  })

  it.concurrent('is not taken for a good one because it still answers reads', async ({ expect }) => {
    await using redis = await startRedis()
    const link = createRedisConnection(toSharingOptions(redis.url))
    await once(link.client, 'ready')
    await link.probe(() => link.client.set('a', 1))
    const reading = link.ask(async () => {
      await sleep(30)
      return link.client.get('a')
    })
    const refusal = Object.assign(new Error('READONLY no.'), { name: 'ReplyError' })
    expect(await link.ask(() => Promise.reject(refusal))).toBe(LOST)
    expect(await reading).toBe('1')
    expect(link.state).toBe('LOCAL')
    await link.close()
  })
})
