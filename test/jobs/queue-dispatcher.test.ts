import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import type { RunScan } from '../../src/coverage/run-scan.ts'
import { QueueDispatcher, type QueueDispatcherOptions } from '../../src/jobs/bullmq/queue-dispatcher.ts'
import { createRunToEnd } from '../../src/jobs/run-to-end.ts'
import { HAS_REDIS, startRedis, type TestRedis } from '../support/redis.ts'
import { EVERYBODY, newScan } from '../support/scans.ts'
import { openStore, useStores } from '../support/stores.ts'
import { CA_FILE, CLIENT_CERTIFICATE, HAS_TLS, startTlsRedis } from '../support/tls-redis.ts'

const { newTarget } = await useStores()
const LONG = { tags: 'long' }
const SOON = { timeout: 20_000, interval: 20 }

interface Replica {
  readonly dispatcher: QueueDispatcher
  readonly log: readonly { readonly level: number; readonly msg: string; readonly reason?: string }[]
}

/** Replicas that share a store and a Redis. They live in one process, so a test can hold them to each other. */
/** The commands of docs/redis.md that give a user its rights. */
function readAccessLists(): readonly (readonly string[])[] {
  const docs = readFileSync(new URL('../../docs/redis.md', import.meta.url), 'utf8')
  const lines = docs.match(/^ACL SETUSER genauth-graphql .*$/gm) ?? []
  return lines.map(line => line.split(' ').slice(3))
}

async function startReplicas(
  redis: Pick<TestRedis, 'url'>,
  count: number,
  options: Partial<QueueDispatcherOptions> = {},
) {
  const { store } = await openStore(await newTarget('file'))
  const { scans } = store
  /** Which replica ran which scan. */
  const runs: (readonly [number, string])[] = []
  let isHeld = false
  const runAs =
    (replica: number): RunScan =>
    async (id, stop) => {
      runs.push([replica, id])
      const claimed = await scans.claim(id, Date.now())
      if (claimed.kind !== 'CLAIMED') return claimed.kind
      while (isHeld && !stop.aborted) await sleep(5)
      if (stop.aborted) return 'STOPPED'
      return scans.end(claimed.claim, { status: 'SUCCEEDED', isWhole: true, poolFactors: null, atMs: 1 })
    }
  const start = (n: number): Replica => {
    const lines: Replica['log'][number][] = []
    const log = pino({ level: 'info' }, { write: line => lines.push(JSON.parse(line)) })
    const runToEnd = createRunToEnd({ runScan: runAs(n), scans, clock: systemClock, log })
    const address = {
      url: redis.url,
      tlsFiles: { certFile: null, keyFile: null, caFile: null },
      keyPrefix: 'test',
    }
    const shared = { address, runToEnd, scans, nightly: null, clock: systemClock, log, ...options }
    return { dispatcher: new QueueDispatcher(shared), log: lines }
  }
  const replicas = Array.from({ length: count }, (_, n) => start(n))
  const statuses = async () => (await scans.newest(10)).map(({ status }) => status).toReversed()
  return {
    scans,
    runs,
    replicas,
    statuses,
    /** From now on runs do not end by themselves. */
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
    },
    async create(id: string, ...told: readonly Replica[]) {
      await scans.create(newScan({ id, population: { ...EVERYBODY, groups: [id] } }))
      for (const { dispatcher } of told) dispatcher.noteCreated()
    },
    async [Symbol.asyncDispose]() {
      isHeld = false
      await Promise.all(replicas.map(({ dispatcher }) => dispatcher.close()))
      await store.close()
    },
  }
}

const client = (redis: TestRedis) => {
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
  return { connection, [Symbol.asyncDispose]: async () => connection.disconnect() }
}

describe.runIf(HAS_REDIS)('replicas that share a store and a queue', () => {
  it('run each scan once, one after the other, and a new one without delay', async () => {
    await using redis = await startRedis()
    await using all = await startReplicas(redis, 2)
    const ids = ['s1', 's2', 's3', 's4']
    for (const id of ids) await all.create(id, ...all.replicas)
    await vi.waitUntil(async () => (await all.statuses()).every(status => status === 'SUCCEEDED'), SOON)
    expect(all.runs.map(([, id]) => id)).toEqual(ids)
  })

  it('hand a scan over when they stop', async () => {
    await using redis = await startRedis()
    await using all = await startReplicas(redis, 2)
    all.hold()
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(() => all.runs.length === 1, SOON)
    const first = all.runs[0]?.[0] ?? 0
    const stoppedAtMs = Date.now()
    const closing = all.replicas[first]?.dispatcher.close()
    await vi.waitUntil(() => all.runs.length === 2, SOON)
    expect(all.runs[1]).toEqual([1 - first, 's1'])
    expect(Date.now() - stoppedAtMs).toBeLessThan(4_000)
    await closing
    all.release()
    await vi.waitUntil(async () => (await all.statuses())[0] === 'SUCCEEDED', SOON)
    expect(all.runs).toHaveLength(2)
  })

  it('go on with what the store says after Redis has forgotten all', LONG, async () => {
    await using redis = await startRedis()
    await using all = await startReplicas(redis, 2)
    await using operator = client(redis)
    all.hold()
    await all.create('s1', ...all.replicas)
    await all.create('s2', ...all.replicas)
    await vi.waitUntil(() => all.runs.length === 1, SOON)
    await operator.connection.flushall()
    await vi.waitUntil(() => all.runs.length === 2, SOON)
    all.release()
    await vi.waitUntil(async () => (await all.statuses()).every(status => status === 'SUCCEEDED'), SOON)
    expect(all.runs.map(([, id]) => id)).toEqual(['s1', 's1', 's2'])
    expect(all.replicas.flatMap(({ log }) => log)).toEqual([])
  })

  it('say once that Redis is gone, and go on when it is back', async () => {
    await using redis = await startRedis()
    await using all = await startReplicas(redis, 1)
    const [replica] = all.replicas
    await vi.waitUntil(async () => {
      await using operator = client(redis)
      return (await operator.connection.keys('test:scans:*')).length > 0
    }, SOON)
    await redis.kill()
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(() => (replica?.log.length ?? 0) > 0, SOON)
    await sleep(1_000)
    await redis.start()
    await vi.waitUntil(async () => (await all.statuses())[0] === 'SUCCEEDED', SOON)
    const again = 'the queue of scans can be used again'
    await vi.waitUntil(() => replica?.log.some(({ msg }) => msg === again), SOON)
    const faults = replica?.log.filter(({ msg }) => msg !== again) ?? []
    // A connection that breaks may have a reason of its own.
    expect(faults.map(({ reason }) => reason)).toContain('ECONNREFUSED')
    expect(faults.length).toBe(new Set(faults.map(({ reason }) => reason)).size)
    for (const { level, msg } of faults) {
      expect([level, msg]).toEqual([40, 'the queue of scans cannot be used: no scan begins until it can'])
    }
  })

  it('start the nightly scan once, even if Redis forgets it', LONG, async () => {
    await using redis = await startRedis()
    await using operator = client(redis)
    const atMs = Date.now() + 2_500
    const started: number[] = []
    const start = async () => void started.push(Date.now())
    const schedule = { nextAfter: (ms: number) => (ms < atMs ? atMs : atMs + 86_400_000) }
    await using all = await startReplicas(redis, 2, { nightly: { schedule, start } })
    await vi.waitUntil(async () => (await operator.connection.zcard('test:scans:delayed')) === 1, SOON)
    await operator.connection.flushall()
    await sleep(Math.max(0, atMs + 300 - Date.now()))
    expect(started).toEqual([])
    // As after half a minute.
    for (const { dispatcher } of all.replicas) dispatcher.noteCreated()
    await vi.waitUntil(() => started.length > 0, SOON)
    await vi.waitUntil(async () => (await operator.connection.zcard('test:scans:delayed')) === 1, SOON)
    await sleep(500)
    expect(started).toHaveLength(1)
  })

  it('start nothing at a moment of a former schedule, and none that is long ago, and no scan that the store does not have', async () => {
    await using redis = await startRedis()
    await using operator = client(redis)
    const started: number[] = []
    const start = async () => void started.push(Date.now())
    const hourMs = 3_600_000
    const schedule = { nextAfter: (ms: number) => Math.floor(ms / hourMs + 1) * hourMs }
    await using all = await startReplicas(redis, 1, { nightly: { schedule, start } })
    const queue = new Queue('scans', {
      prefix: 'test',
      connection: operator.connection,
      skipVersionCheck: true,
    })
    const last = schedule.nextAfter(Date.now()) - hourMs
    for (const atMs of [last - 60_000, last - 2 * hourMs, last]) {
      await queue.add('nightly', {}, { jobId: `nightly-${atMs}` })
    }
    await vi.waitUntil(async () => (await queue.getCompletedCount()) === 3, SOON)
    expect(started).toHaveLength(1)
    await queue.add('scan', {}, { jobId: '\u0000' })
    await queue.add('scan', {}, { jobId: 'unknown' })
    await vi.waitUntil(async () => (await queue.getCompletedCount()) === 5, SOON)
    expect(all.runs.map(([, id]) => id)).toEqual(['unknown'])
    expect(all.replicas[0]?.log).toEqual([])
  })

  it('stop a scan that was cancelled, wherever it runs, and begin the next', async () => {
    await using redis = await startRedis()
    await using all = await startReplicas(redis, 2)
    all.hold()
    await all.create('s1', ...all.replicas)
    await all.create('s2', ...all.replicas)
    await vi.waitUntil(() => all.runs.length === 1, SOON)
    await all.scans.cancel('s1', 1)
    for (const { dispatcher } of all.replicas) dispatcher.noteCancelled('s1')
    await vi.waitUntil(() => all.runs.length === 2, SOON)
    expect(all.runs.map(([, id]) => id)).toEqual(['s1', 's2'])
    expect(await all.statuses()).toEqual(['CANCELLED', 'RUNNING'])
  })

  it('write to Redis under their prefix alone, and no more than the id of a scan', async () => {
    await using redis = await startRedis()
    await using operator = client(redis)
    await using all = await startReplicas(redis, 1)
    all.hold()
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(() => all.runs.length === 1, SOON)
    const keys = await operator.connection.keys('*')
    expect(keys.filter(key => !key.startsWith('test:scans:'))).toEqual([])
    expect(await operator.connection.hmget('test:scans:s1', 'name', 'data')).toEqual(['scan', '{}'])
  })

  it('wait for a Redis that is away at the start, and can be stopped while they do', async () => {
    await using redis = await startRedis()
    await redis.kill()
    await using all = await startReplicas(redis, 2)
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(() => all.replicas.every(({ log }) => log.length === 1), SOON)
    const stoppedAtMs = Date.now()
    await all.replicas[0]?.dispatcher.close()
    expect(Date.now() - stoppedAtMs).toBeLessThan(2_000)
    await redis.start()
    await vi.waitUntil(async () => (await all.statuses())[0] === 'SUCCEEDED', SOON)
    expect(all.runs).toEqual([[1, 's1']])
  })

  it('say once which right is missing, and ask no faster than twenty times a second', LONG, async () => {
    await using redis = await startRedis()
    await using operator = client(redis)
    await operator.connection.acl('SETUSER', 'reader', 'on', '>pass', '~*', '+@all', '-evalsha', '-eval')
    await using all = await startReplicas({ url: redis.url.replace('//', '//reader:pass@') }, 1)
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(() => (all.replicas[0]?.log.length ?? 0) > 0, SOON)
    await operator.connection.config('RESETSTAT')
    await sleep(2_000)
    const stats = await operator.connection.info('commandstats')
    const refused = [...stats.matchAll(/rejected_calls=(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0)
    expect(refused).toBeLessThan(60)
    expect(all.replicas[0]?.log.map(({ level, reason }) => [level, reason])).toEqual([[40, 'NOPERM']])
    await operator.connection.acl('SETUSER', 'reader', '+evalsha', '+eval')
    await vi.waitUntil(async () => (await all.statuses())[0] === 'SUCCEEDED', SOON)
  })

  it('need no other rights than those of docs/redis.md', LONG, async () => {
    await using redis = await startRedis()
    await using operator = client(redis)
    const lists = readAccessLists()
    expect(lists).toHaveLength(2)
    for (const rules of lists) {
      const own = rules.map(rule => rule.replace(/^>.*/, '>pass').replace('~genauth-graphql:', '~test:'))
      await operator.connection.acl('SETUSER', 'replica', ...own)
    }
    const schedule = { nextAfter: (ms: number) => ms + 300 }
    const nightly = { schedule, start: async () => {} }
    const url = `${redis.url.replace('//', '//replica:pass@')}/1`
    await using all = await startReplicas({ url }, 2, { nightly })
    all.hold()
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(() => all.runs.length === 1, SOON)
    await sleep(5_000)
    await all.replicas[all.runs[0]?.[0] ?? 0]?.dispatcher.close()
    await vi.waitUntil(() => all.runs.length === 2, SOON)
    all.release()
    await vi.waitUntil(async () => (await all.statuses())[0] === 'SUCCEEDED', SOON)
    expect(await operator.connection.acl('LOG')).toEqual([])
    for (const command of ['flushall', 'keys *', 'get elsewhere', 'config get maxmemory', 'client list']) {
      expect(await operator.connection.call('ACL', 'DRYRUN', 'replica', ...command.split(' '))).toMatch(
        'no permissions',
      )
    }
  })

  it.runIf(HAS_TLS)('reach their queue over TLS, with a certificate of their own', async () => {
    await using redis = await startTlsRedis()
    const address = {
      url: redis.url,
      keyPrefix: 'test',
      tlsFiles: { ...CLIENT_CERTIFICATE, caFile: CA_FILE },
    }
    await using all = await startReplicas(redis, 1, { address })
    await all.create('s1', ...all.replicas)
    await vi.waitUntil(async () => (await all.statuses())[0] === 'SUCCEEDED', SOON)
    expect(all.replicas[0]?.log).toEqual([])
  })
})
