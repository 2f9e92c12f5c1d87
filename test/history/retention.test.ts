import { expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import { startRetention } from '../../src/history/retention.ts'
import { createHandClock } from '../support/hand-clock.ts'

const DAY_MS = 86_400_000

it('changes that are too old are removed a part at a time, while nothing lags behind and the store works', async () => {
  const clock = createHandClock()
  const startMs = clock.now()
  const state = { isBehind: true, fault: null as string | null, old: 450 }
  const limits: number[] = []
  const index = {
    async removeSomeBefore(atMs: number) {
      if (state.fault !== null) throw new StoreUnavailableError(state.fault)
      limits.push(atMs)
      const removed = Math.min(200, state.old)
      state.old -= removed
      return removed
    },
  }
  const retention = startRetention({ index, days: 400, isBehind: () => state.isBehind, clock })
  await clock.advance(60_000)
  expect(limits).toEqual([])
  Object.assign(state, { isBehind: false, fault: 'FULL' })
  await clock.advance(60_000)
  expect(limits).toEqual([])
  state.fault = null
  await clock.advance(60_000)
  expect(limits).toEqual([startMs + 180_000 - 400 * DAY_MS])
  // The next parts follow soon, so that the event loop is not blocked for long.
  await clock.advance(300)
  expect(limits).toHaveLength(4)
  expect(state.old).toBe(0)
  retention.close()
  await clock.advance(600_000)
  expect(limits).toHaveLength(4)
  expect(clock.scheduled).toBe(0)
})
