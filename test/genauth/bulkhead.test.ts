import { expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createCallerShares } from '../../src/genauth/bulkhead.ts'

const CONNECTIONS = 100

function start() {
  let nowMs = 0
  const shares = createCallerShares({ ...systemClock, monotonic: () => nowMs })
  return {
    shares,
    pass: (ms: number) => {
      nowMs += ms
    },
    take: (caller: string, times: number) => Array.from({ length: times }, () => shares.take(caller)),
  }
}

it('one who is alone may hold all connections, and one who is not three quarters of them', () => {
  const { shares, pass, take } = start()
  take('a', 99)
  expect(shares.isSpent('a', CONNECTIONS)).toBe(false)
  take('', 5)
  expect(shares.isSpent('a', CONNECTIONS)).toBe(false)
  take('b', 1)
  expect([shares.isSpent('a', CONNECTIONS), shares.isSpent('b', CONNECTIONS)]).toEqual([true, false])
  take('a', 1)
  expect(shares.isSpent('a', CONNECTIONS)).toBe(true)
  pass(60_000)
  expect(shares.isSpent('a', CONNECTIONS)).toBe(false)
})

it('what is free again counts no more', () => {
  const { shares, take } = start()
  take('b', 1)
  const ends = take('a', 75)
  expect(shares.isSpent('a', CONNECTIONS)).toBe(true)
  ends[0]?.()
  expect(shares.isSpent('a', CONNECTIONS)).toBe(false)
})
