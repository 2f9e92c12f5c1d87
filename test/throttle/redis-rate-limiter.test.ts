import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { Priority } from '../../src/mfa/call-context.ts'
import { type ReplicaSharing, shareWithReplicas } from '../../src/replicas.ts'
import { Throttle } from '../../src/throttle/throttle.ts'
import { busiestSecond } from '../support/busiest-second.ts'
import { HAS_REDIS, startRedis, toSharingOptions } from '../support/redis.ts'

const BUDGET = 300
const WAIT_MS = 10
/** The budget, and what a busy test runner may blur: all replicas, Redis's clients and the counter share a process. */
const BLURRED_BUDGET = BUDGET * 1.05

/**
 * Calls that a replica sends, each noted at the moment at which it is sent: no way to GenAuth blurs the figures.
 *
 * @param toLateMs how long after its permit a call is sent
 */
function demand(
  { rateLimiter }: ReplicaSharing,
  sentAtMs: number[],
  callers: number,
  toLateMs = () => 0,
  priority: Priority = 'READ',
) {
  const throttle = new Throttle(rateLimiter, systemClock)
  let isOver = false
  const refusals: unknown[] = []
  const deadline = createDeadline(60_000, systemClock)
  const context = {
    deadline,
    callerKey: 'a',
    priority,
    isWanted: () => true,
    onWait: () => () => {},
    trace: null,
  } as const
  const worker = async () => {
    while (!isOver) {
      const acquired = await throttle.acquire(context)
      if (acquired.ok) {
        const lateMs = toLateMs()
        if (lateMs > 0) await sleep(lateMs)
        acquired.value.sent()
        sentAtMs.push(performance.now())
      } else refusals.push(acquired.failure)
    }
  }
  const workers = Promise.all(Array.from({ length: callers }, worker))
  return {
    throttle,
    refusals,
    async end() {
      isOver = true
      await workers
    },
  }
}

function start(url: string) {
  return shareWithReplicas({ ...toSharingOptions(url), maxRps: BUDGET })
}

/**
 * Waits, and returns the part of its short waits that fitted into that time: 1 on a quiet machine, and less where others
 * take the processor. Nothing in this process can do more than that part of its work.
 */
async function measurePunctuality(forMs: number): Promise<number> {
  const startedAtMs = performance.now()
  let waits = 0
  for (; performance.now() - startedAtMs < forMs; waits++) await sleep(WAIT_MS)
  // Node's timers are up to a millisecond late.
  return Math.min(1, (waits * (WAIT_MS + 1)) / forMs)
}

const inOrder = (times: readonly number[]) => times.toSorted((a, b) => a - b)

describe.runIf(HAS_REDIS)('the budget of several replicas', () => {
  it.concurrent.for([2, 3])(
    'is used and never exceeded by %i together',
    { tags: 'long' },
    async (replicas, { expect }) => {
      await using redis = await startRedis()
      const sharings = await Promise.all(Array.from({ length: replicas }, () => start(redis.url)))
      const sentAtMs: number[] = []
      const startedAtMs = performance.now()
      const demands = sharings.map(sharing => demand(sharing, sentAtMs, 20))
      const punctuality = await measurePunctuality(4_000)
      await Promise.all(demands.map(({ end }) => end()))
      const seconds = (performance.now() - startedAtMs) / 1_000
      await Promise.all(sharings.map(sharing => sharing.close()))
      expect(busiestSecond(inOrder(sentAtMs))).toBeLessThanOrEqual(BLURRED_BUDGET)
      expect(sentAtMs.length / seconds).toBeGreaterThan(BUDGET * 0.7 * punctuality)
    },
  )

  it.concurrent('is not exceeded by background work of one, which leaves it to the callers of another', {
    tags: 'long',
  }, async ({ expect }) => {
    await using redis = await startRedis()
    const [scanning, serving] = await Promise.all([start(redis.url), start(redis.url)])
    const [scanned, served]: [number[], number[]] = [[], []]
    const scan = demand(scanning, scanned, 8, () => 0, 'BACKGROUND')
    await sleep(2_000)
    const alone = scanned.length
    const callers = demand(serving, served, 20)
    const punctuality = await measurePunctuality(4_000)
    await Promise.all([scan.end(), callers.end()])
    await Promise.all([scanning.close(), serving.close()])
    expect(busiestSecond(inOrder([...scanned, ...served]))).toBeLessThanOrEqual(BLURRED_BUDGET)
    // As much as there is while nobody calls, and a permit a second while callers want everything. A busy machine is
    // late for many permits of background work, which are given late and lapse soon.
    expect(alone).toBeGreaterThan(2 * BUDGET * 0.3 * punctuality)
    expect(scanned.length - alone).toBeGreaterThanOrEqual(3)
    expect(served.length / 4).toBeGreaterThan(BUDGET * 0.7 * punctuality)
    expect([...scan.refusals, ...callers.refusals]).toEqual([])
  })

  it.concurrent('is not exceeded by calls that are sent long after their permit', { tags: 'long' }, async ({
    expect,
  }) => {
    await using redis = await startRedis()
    const sharings = await Promise.all([start(redis.url), start(redis.url)])
    const sentAtMs: number[] = []
    // Late for a second, and in time for the next.
    const toLateMs = () => (performance.now() % 2_000 < 1_000 ? 150 : 0)
    const demands = sharings.map(sharing => demand(sharing, sentAtMs, 60, toLateMs))
    await sleep(4_000)
    await Promise.all(demands.map(({ end }) => end()))
    await Promise.all(sharings.map(sharing => sharing.close()))
    expect(sentAtMs.length).toBeGreaterThan(BUDGET)
    expect(busiestSecond(inOrder(sentAtMs))).toBeLessThanOrEqual(BLURRED_BUDGET)
  })

  it.concurrent('is not exceeded while Redis is lost and comes back, and nothing is refused', {
    tags: 'long',
  }, async ({ expect }) => {
    await using redis = await startRedis()
    const sharings = await Promise.all([start(redis.url), start(redis.url)])
    const sentAtMs: number[] = []
    const demands = sharings.map(sharing => demand(sharing, sentAtMs, 20))
    await sleep(1_500)
    await redis.kill()
    await expect.poll(() => sharings.map(({ state }) => state)).toEqual(['LOCAL', 'LOCAL'])
    await sleep(1_500)
    await redis.start()
    await expect
      .poll(() => sharings.map(({ state }) => state), { timeout: 5_000 })
      .toEqual(['SHARED', 'SHARED'])
    await sleep(1_500)
    await Promise.all(demands.map(({ end }) => end()))
    await Promise.all(sharings.map(sharing => sharing.close()))
    expect(sentAtMs.length).toBeGreaterThan(BUDGET)
    expect(busiestSecond(inOrder(sentAtMs))).toBeLessThanOrEqual(BLURRED_BUDGET)
    expect(demands.flatMap(({ refusals }) => refusals)).toEqual([])
  })
})
