import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import type { CallContext } from '../../src/mfa/call-context.ts'
import { createRateLimiter } from '../../src/throttle/rate-limiter.ts'
import { createThrottle } from '../../src/throttle/throttle.ts'

const LIMITED = { kind: 'RATE_LIMITED', origin: 'LAYER' }

function operationOf(changes: Partial<CallContext> = {}): CallContext {
  const deadline = createDeadline(5_000, systemClock)
  const nobody = { callerKey: 'a', priority: 'READ', isWanted: () => true, onWait: () => () => {} } as const
  return { ...nobody, deadline, trace: null, ...changes }
}

/** A governor of 20 a second whose first turns, which wait for nobody, are gone. */
async function busyGovernor() {
  const throttle = createThrottle(createRateLimiter(20))
  const take = async (changes: Partial<CallContext> = {}) => {
    const operation = operationOf(changes)
    const refusal = await throttle.turn(operation, operation.deadline)
    if (refusal === null) throttle.depart()
    return refusal
  }
  expect(await take()).toBeNull()
  expect(await take()).toBeNull()
  return { throttle, take }
}

describe('the governor', () => {
  it('lets calls wait for their turn, and says while they do', async () => {
    const { throttle, take } = await busyGovernor()
    const waits: string[] = []
    const onWait = () => {
      waits.push('waits')
      return () => waits.push('goes')
    }
    const startedAtMs = performance.now()
    const turns = [take({ onWait }), take(), take()]
    expect(throttle.waiting).toBe(3)
    expect(waits).toEqual(['waits'])
    expect(await Promise.all(turns)).toEqual([null, null, null])
    expect(performance.now() - startedAtMs).toBeGreaterThan(140)
    expect(waits).toEqual(['waits', 'goes'])
    expect(throttle.waiting).toBe(0)
  })

  it('refuses at once what could not have its turn in time, and says when to come back', async () => {
    const { take } = await busyGovernor()
    const waiting = Array.from({ length: 20 }, () => take())
    const startedAtMs = performance.now()
    const refusal = await take({ deadline: createDeadline(500, systemClock) })
    expect(performance.now() - startedAtMs).toBeLessThan(100)
    expect(refusal).toMatchObject({ ...LIMITED, retryAfterMs: 1_000 })
    await Promise.all(waiting)
  })

  it('refuses at the deadline what it had expected to be in time', async () => {
    const { throttle, take } = await busyGovernor()
    const late = take({ deadline: createDeadline(200, systemClock) })
    // Writers overtake.
    const writers = Array.from({ length: 8 }, () => take({ priority: 'WRITE' }))
    const startedAtMs = performance.now()
    expect(await late).toMatchObject(LIMITED)
    expect(performance.now() - startedAtMs).toBeLessThan(300)
    expect(await Promise.all(writers)).toEqual(Array(8).fill(null))
    expect(throttle.waiting).toBe(0)
  })

  it('gives no turn to who has left, and none of theirs is lost', async () => {
    const { take } = await busyGovernor()
    const startedAtMs = performance.now()
    const gone = Array.from({ length: 20 }, () => take({ isWanted: () => false }))
    expect(await take({ callerKey: 'b' })).toBeNull()
    expect(performance.now() - startedAtMs).toBeLessThan(250)
    for (const refusal of await Promise.all(gone)) expect(refusal).toMatchObject({ reason: 'NOT_SENT' })
  })

  it('gives a modest caller its turn while a greedy one waits behind itself', async () => {
    const { take } = await busyGovernor()
    const greedy = Array.from({ length: 20 }, () => take({ callerKey: 'greedy' }))
    const startedAtMs = performance.now()
    expect(await take({ callerKey: 'modest' })).toBeNull()
    expect(performance.now() - startedAtMs).toBeLessThan(300)
    await Promise.all(greedy)
  })

  it('makes whoever comes next wait for a request that did not', async () => {
    const throttle = createThrottle(createRateLimiter(20))
    throttle.spend()
    throttle.spend()
    const startedAtMs = performance.now()
    const operation = operationOf()
    await throttle.turn(operation, operation.deadline)
    expect(performance.now() - startedAtMs).toBeGreaterThan(30)
  })
})
