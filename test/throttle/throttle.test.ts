import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { CallContext, Priority } from '../../src/mfa/call-context.ts'
import { createRateLimiter } from '../../src/throttle/rate-limiter.ts'
import { Throttle } from '../../src/throttle/throttle.ts'
import { busiestSecond } from '../support/busiest-second.ts'
import { createHandClock } from '../support/hand-clock.ts'

const LIMITED = { kind: 'RATE_LIMITED', origin: 'LAYER' }
/** At 20 a second. */
const STEP_MS = 50

/** Until then the second before knows of no requests. */
const WARM_UP_MS = 1_000

/** Numbers from 0 to 1 that are the same in each run. */
function createRandom(): () => number {
  let state = 42
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

/** Callers who come at random to a throttle of 300 a second, beside workers of a scan that always want more. */
async function callAtRandom({ perSecond, scanWorkers }: { perSecond: number; scanWorkers: number }) {
  const seconds = 4
  const clock = createHandClock()
  const throttle = new Throttle(createRateLimiter(300, clock), clock)
  const random = createRandom()
  const context = { isWanted: () => true, onWait: () => () => {}, trace: null }
  const waits: number[] = []
  const sentAtMs: number[] = []
  let scanned = 0
  const acquire = async (priority: Priority, callerKey: string) => {
    const deadline = createDeadline(10_000, clock)
    const acquired = await throttle.acquire({ ...context, deadline, callerKey, priority })
    if (!acquired.ok || clock.monotonic() > WARM_UP_MS + seconds * 1_000) return 'OVER'
    acquired.value.sent()
    if (clock.monotonic() > WARM_UP_MS) sentAtMs.push(clock.monotonic())
    return 'SENT'
  }
  const callAt = async (atMs: number) => {
    await sleep(clock, atMs)
    const came = await acquire('READ', `caller ${Math.floor(random() * 10)}`)
    if (came === 'SENT' && atMs > WARM_UP_MS) waits.push(clock.monotonic() - Math.trunc(atMs))
  }
  const scan = async () => {
    while ((await acquire('BACKGROUND', 'scan')) === 'SENT') {
      if (clock.monotonic() > WARM_UP_MS) scanned++
      await sleep(clock, 15)
    }
  }
  const work = Array.from({ length: scanWorkers }, scan)
  for (
    let atMs = 1;
    atMs < WARM_UP_MS + seconds * 1_000;
    atMs += (-Math.log(1 - random()) * 1_000) / perSecond
  )
    work.push(callAt(atMs))
  await clock.advance(WARM_UP_MS + seconds * 1_000 + 20_000)
  await Promise.all(work)
  return { seconds, waits, sentAtMs, scanned }
}

function startThrottle(perSecond: number) {
  const clock = createHandClock()
  const throttle = new Throttle(createRateLimiter(perSecond, clock), clock)
  /** What came of one call: `SENT`, or its failure, and after how many milliseconds from now. */
  const call = async (changes: Partial<CallContext> = {}) => {
    const startedAtMs = clock.monotonic()
    const acquired = await throttle.acquire({
      callerKey: 'a',
      priority: 'READ',
      isWanted: () => true,
      onWait: () => () => {},
      trace: null,
      deadline: createDeadline(5_000, clock),
      ...changes,
    })
    if (acquired.ok) acquired.value.sent()
    return { came: acquired.ok ? 'SENT' : acquired.failure, afterMs: clock.monotonic() - startedAtMs }
  }
  return { clock, throttle, call }
}

/** A throttle of 20 a second whose first permits, for which nobody waits long, are gone. */
async function busyThrottle() {
  const { clock, throttle, call } = startThrottle(20)
  const first = [call(), call()]
  await clock.advance(STEP_MS)
  for (const { came } of await Promise.all(first)) expect(came).toBe('SENT')
  return { clock, throttle, call }
}

describe('the throttle', () => {
  it('lets calls wait for their permit, and says while they do', async () => {
    const { clock, throttle, call } = await busyThrottle()
    const waits: string[] = []
    const onWait = () => {
      waits.push('waits')
      return () => waits.push('goes')
    }
    const calls = [call({ onWait }), call(), call()]
    expect(throttle.waiting).toBe(3)
    expect(waits).toEqual(['waits'])
    await clock.advance(3 * STEP_MS)
    const [, , last] = await Promise.all(calls)
    expect(last).toMatchObject({ came: 'SENT' })
    expect(last?.afterMs).toBeGreaterThan(2 * STEP_MS)
    expect(waits).toEqual(['waits', 'goes'])
    expect(throttle.waiting).toBe(0)
  })

  it('refuses immediately what could not have its permit in time, and says when to come back', async () => {
    const { clock, call } = await busyThrottle()
    const waiting = Array.from({ length: 20 }, () => call())
    const refused = await call({ deadline: createDeadline(500, clock) })
    expect(refused).toMatchObject({ came: { ...LIMITED, retryAfterMs: 1_000 }, afterMs: 0 })
    await clock.advance(2_000)
    await Promise.all(waiting)
  })

  it('refuses at the deadline what it had expected to be in time', async () => {
    const { clock, throttle, call } = await busyThrottle()
    const late = call({ deadline: createDeadline(200, clock) })
    // Writers overtake.
    const writers = Array.from({ length: 8 }, () => call({ priority: 'WRITE' }))
    await clock.advance(2_000)
    expect(await late).toMatchObject({ came: LIMITED, afterMs: 200 })
    for (const { came } of await Promise.all(writers)) expect(came).toBe('SENT')
    expect(throttle.waiting).toBe(0)
  })

  it('gives no permit to a caller who has left, and none of theirs is lost', async () => {
    const { clock, call } = await busyThrottle()
    const gone = Array.from({ length: 20 }, () => call({ isWanted: () => false }))
    const other = call({ callerKey: 'b' })
    await clock.advance(2_000)
    expect(await other).toMatchObject({ came: 'SENT' })
    expect((await other).afterMs).toBeLessThanOrEqual(2 * STEP_MS)
    for (const { came } of await Promise.all(gone)) expect(came).toMatchObject({ reason: 'NOT_SENT' })
  })

  it('gives a modest caller its permit while a greedy one waits behind itself', async () => {
    const { clock, call } = await busyThrottle()
    const greedy = Array.from({ length: 20 }, () => call({ callerKey: 'greedy' }))
    const modest = call({ callerKey: 'modest' })
    await clock.advance(2_000)
    expect(await modest).toMatchObject({ came: 'SENT' })
    expect((await modest).afterMs).toBeLessThanOrEqual(2 * STEP_MS)
    await Promise.all(greedy)
  })

  it('makes the next call wait for a request that did not', async () => {
    const { clock, throttle, call } = await busyThrottle()
    throttle.spend()
    const next = call()
    await clock.advance(2_000)
    expect((await next).afterMs).toBeGreaterThan(STEP_MS / 2)
  })

  it('lets a caller go immediately while background work waits for a free part of the budget', async () => {
    const { clock, throttle, call } = startThrottle(300)
    const scan = Array.from({ length: 60 }, () => call({ priority: 'BACKGROUND', callerKey: 'scan' }))
    for (let turn = 0; turn < 20; turn++) {
      await clock.advance(5)
      expect(throttle.waiting).toBeGreaterThan(0)
      expect(await call()).toEqual({ came: 'SENT', afterMs: 0 })
    }
    await clock.advance(2_000)
    for (const { came } of await Promise.all(scan)) expect(came).toBe('SENT')
  })

  it('lets callers wait no longer beside background work without end, and gives them no fewer permits', async () => {
    const alone = await callAtRandom({ perSecond: 200, scanWorkers: 0 })
    const beside = await callAtRandom({ perSecond: 200, scanWorkers: 8 })
    expect(alone.waits.filter(ms => ms > 0)).toEqual([])
    expect(beside.waits.filter(ms => ms > 0)).toEqual([])
    expect(beside.waits.length).toBe(alone.waits.length)
    expect(busiestSecond(beside.sentAtMs)).toBeLessThanOrEqual(300)
    // What callers leave free, but for the tenth that is kept for them.
    expect(beside.scanned).toBeGreaterThan(alone.seconds * 45)
  })

  it('gives background work a permit a second while callers want more than the whole budget', async () => {
    const { scanned, seconds, sentAtMs } = await callAtRandom({ perSecond: 400, scanWorkers: 8 })
    expect(scanned).toBeGreaterThanOrEqual(seconds)
    expect(scanned).toBeLessThanOrEqual(seconds * 2)
    expect(sentAtMs.length).toBeGreaterThan(seconds * 280)
  })

  it('counts a permit once, however often it is said to be sent or given back', async () => {
    const clock = createHandClock()
    const throttle = new Throttle(createRateLimiter(2, clock), clock)
    const context = {
      callerKey: 'a',
      priority: 'READ',
      isWanted: () => true,
      onWait: () => () => {},
    } as const
    const deadline = createDeadline(5_000, clock)
    const sentAtMs: number[] = []
    for (let sent = 0; sent < 6; sent++) {
      void throttle.acquire({ ...context, trace: null, deadline }).then(acquired => {
        if (!acquired.ok) return
        sentAtMs.push(clock.monotonic())
        acquired.value.sent()
        acquired.value.release()
        acquired.value.sent()
      })
    }
    await clock.advance(5_000)
    // Two in any second and no fewer: a permit that ended three times would count three times, or free two more.
    expect(sentAtMs.map(ms => Math.floor(ms / 517.5))).toEqual([0, 0, 2, 2, 4, 4])
  })
})
