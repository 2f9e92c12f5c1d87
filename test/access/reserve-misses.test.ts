import { describe, expect, it } from 'vitest'
import { createOwnCounter } from '../../src/access/own-counter.ts'
import { createReserveMisses } from '../../src/access/reserve-misses.ts'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { clockAt } from '../support/hand-clock.ts'

const WINDOW_MS = 60_000

function start(limit: number) {
  let nowMs = 1_000
  let taken = 0
  const own = createOwnCounter({ limit: () => limit, windowMs: WINDOW_MS, clock: clockAt(() => nowMs) })
  const reserve = createReserveMisses({
    take(key, wanted) {
      taken++
      return own.take(key, wanted)
    },
  })
  const patient = createDeadline(10_000, systemClock)
  return {
    pass: (ms: number) => {
      nowMs += ms
    },
    takenCount: () => taken,
    async reserve(wanted = 1, deadline = patient, key = 'somebody') {
      const reserved = await reserve(key, wanted, deadline)
      return reserved.ok ? reserved.value : reserved.failure
    },
    /** Guesses one at a time, and says what came of each. */
    async guess(isMiss: boolean): Promise<'MISS' | 'HIT' | 'REFUSED'> {
      const reserved = await reserve('somebody', 1, patient)
      if (!reserved.ok) return 'REFUSED'
      await new Promise(resolve => setImmediate(resolve))
      reserved.value.conclude(isMiss ? 1 : 0)
      return isMiss ? 'MISS' : 'HIT'
    },
  }
}

const REFUSED = { kind: 'RATE_LIMITED', origin: 'LAYER' }

describe('guesses that are made together', () => {
  it('miss no more often than one after another would', async () => {
    const { guess } = start(60)
    const outcomes = await Promise.all(Array.from({ length: 1_500 }, () => guess(true)))
    expect(outcomes.filter(outcome => outcome === 'MISS')).toHaveLength(60)
    expect(outcomes.filter(outcome => outcome === 'REFUSED')).toHaveLength(1_440)
  })

  it('are all made where all of them hit, however small the limit', async () => {
    const { guess } = start(1)
    expect(new Set(await Promise.all(Array.from({ length: 200 }, () => guess(false))))).toEqual(
      new Set(['HIT']),
    )
  })

  it('go on where one before them hit, and end at the limit of misses', async () => {
    const { guess, takenCount } = start(10)
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => guess(index % 100 !== 0 || index > 990)),
    )
    expect(outcomes.filter(outcome => outcome === 'MISS')).toHaveLength(10)
    // Each asks a few times, not once for each of the others.
    expect(takenCount()).toBeLessThan(5_000)
  })
})

describe('a list', () => {
  it('gets what is left, and the rest when that was given back', async () => {
    const { reserve } = start(10)
    const first = await reserve(50)
    expect(first).toMatchObject({ count: 10 })
    const second = reserve(3)
    if ('conclude' in first) first.conclude(8)
    expect(await second).toMatchObject({ count: 2 })
  })

  it('waits no longer than its deadline, and then says that a second may be enough', async () => {
    const { reserve } = start(1)
    await reserve()
    expect(await reserve(1, createDeadline(20, systemClock))).toMatchObject({
      ...REFUSED,
      retryAfterMs: 1_000,
    })
  })

  it('is refused without a wait where there is nothing to wait for', async () => {
    const { reserve, pass } = start(1)
    const only = await reserve()
    if ('conclude' in only) only.conclude(1)
    pass(1_500)
    expect(await reserve()).toMatchObject({ ...REFUSED, retryAfterMs: 58_500 })
    pass(58_500)
    expect(await reserve()).toMatchObject({ count: 1 })
  })
})

describe('what is given back', () => {
  it('is given back to the window that it was taken from, and to no later one', async () => {
    const { reserve, pass } = start(2)
    const early = await reserve(2)
    pass(WINDOW_MS)
    const late = await reserve(2)
    if ('conclude' in early) early.conclude(0)
    expect(late).toMatchObject({ count: 2 })
    if ('conclude' in late) late.conclude(2)
    expect(await reserve()).toMatchObject(REFUSED)
  })

  it('is each caller’s own', async () => {
    const { reserve } = start(1)
    await reserve()
    expect(await reserve(1, createDeadline(1_000, systemClock), 'somebody else')).toMatchObject({ count: 1 })
  })
})
