import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedisConnection } from '../../src/redis/connection.ts'
import { createPermitSchedule, type PermitSchedule } from '../../src/throttle/redis-permit-schedule.ts'
import { HAS_REDIS, startRedis, toSharingOptions } from '../support/redis.ts'

const NOTHING = { wanted: { people: 0, background: 0 }, spent: 0, unused: [], late: [], isThrottled: false }
/** Of 300 a second. */
const KEPT_FREE = 30

/** Replicas of one Redis that asks for nothing by itself. */
async function startSchedules(count: number): Promise<PermitSchedule[]> {
  const redis = await startRedis()
  onTestFinished(() => redis[Symbol.asyncDispose]())
  const options = toSharingOptions(redis.url)
  return Promise.all(
    Array.from({ length: count }, async () => {
      const connection = createRedisConnection(options)
      onTestFinished(() => connection.close())
      await new Promise(resolve => connection.client.once('ready', resolve))
      const { keyPrefix, maxRps, clock } = options
      const replicaId = randomUUID()
      return createPermitSchedule({
        connection,
        keyPrefix,
        replicaId,
        maxRps,
        replicasBefore: () => 1,
        onClock() {},
        clock,
      })
    }),
  )
}

/** Asks for permits, and returns in how many milliseconds they are, those of callers first. */
async function ask(schedule: PermitSchedule | undefined, wish: { people?: number; background?: number }) {
  if (schedule === undefined) throw new Error('No such replica')
  const { people = 0, background = 0 } = wish
  const { nowMs, permits } = await schedule.ask({ ...NOTHING, wanted: { people, background } })
  const inMs = (isOfBackground: boolean) =>
    permits.filter(permit => permit.isOfBackground === isOfBackground).map(({ atMs }) => atMs - nowMs)
  return { people: inMs(false), background: inMs(true) }
}

describe.runIf(HAS_REDIS)('the schedule of permits', () => {
  it('gives background work a few permits ahead, and a caller of another replica one now', async () => {
    const [scanning, serving] = await startSchedules(2)
    const { background } = await ask(scanning, { background: 50 })
    expect(background.length).toBeGreaterThanOrEqual(5)
    expect(background.length).toBeLessThanOrEqual(10)
    expect(Math.max(...background)).toBeLessThanOrEqual(25)
    expect((await ask(serving, { people: 1 })).people).toEqual([0])
    // The permits that callers have ahead go before the next ones of background work.
    // Each of two replicas has half of what is given ahead.
    for (let n = 0; n < 2; n++) expect((await ask(serving, { people: 15 })).people).toHaveLength(15)
    expect((await ask(scanning, { background: 1 })).background).toEqual([])
  })

  it('keeps a tenth of the window free of background work', async () => {
    const [schedule] = await startSchedules(1)
    await schedule?.ask({ ...NOTHING, spent: 190 })
    // The pace of background work has its debt from these for no more than 100 ms.
    await new Promise(resolve => setTimeout(resolve, 150))
    expect((await ask(schedule, { background: 1 })).background).toHaveLength(1)
    await schedule?.ask({ ...NOTHING, spent: 300 - KEPT_FREE - 191 })
    await new Promise(resolve => setTimeout(resolve, 110))
    expect((await ask(schedule, { background: 1 })).background).toEqual([])
    expect((await ask(schedule, { people: KEPT_FREE })).people).toHaveLength(KEPT_FREE)
    expect((await ask(schedule, { people: 1 })).people).toEqual([])
  })

  it('gives background work a permit when 200 in a row have passed it by, at whichever replica', async () => {
    const [scanning, serving] = await startSchedules(2)
    await serving?.ask({ ...NOTHING, spent: 80 })
    await new Promise(resolve => setTimeout(resolve, 110))
    expect((await ask(scanning, { background: 1 })).background).toHaveLength(1)
    await serving?.ask({ ...NOTHING, spent: 199 })
    expect((await ask(scanning, { background: 2 })).background).toEqual([])
    await serving?.ask({ ...NOTHING, spent: 1 })
    expect((await ask(scanning, { background: 2 })).background).toHaveLength(1)
    expect((await ask(scanning, { background: 2 })).background).toEqual([])
  })
})
