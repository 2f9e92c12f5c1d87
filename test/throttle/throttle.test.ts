import { describe, expect, it } from 'vitest'
import { createDeadline } from '../../src/base/deadline.ts'
import type { CallContext } from '../../src/mfa/call-context.ts'
import { createRateLimiter } from '../../src/throttle/rate-limiter.ts'
import { Throttle } from '../../src/throttle/throttle.ts'
import { createHandClock } from '../support/hand-clock.ts'

const LIMITED = { kind: 'RATE_LIMITED', origin: 'LAYER' }
/** At 20 a second. */
const STEP_MS = 50

/** A throttle of 20 a second whose first permits, for which nobody waits long, are gone. */
async function busyThrottle() {
  const clock = createHandClock()
  const throttle = new Throttle(createRateLimiter(20, clock), clock)
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
