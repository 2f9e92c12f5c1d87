import { expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { Bulkhead } from '../../src/genauth/bulkhead.ts'

const CONNECTIONS = 100

function start() {
  let nowMs = 0
  const bulkhead = new Bulkhead(CONNECTIONS, { ...systemClock, monotonic: () => nowMs })
  return {
    isFullFor: (callerKey: string) => bulkhead.isFullFor({ callerKey, priority: 'WRITE' }),
    pass: (ms: number) => {
      nowMs += ms
    },
    take: (caller: string, times: number) => Array.from({ length: times }, () => bulkhead.enter(caller)),
  }
}

it('one who is alone may hold all connections, and one who is not three quarters of them', () => {
  const { isFullFor, pass, take } = start()
  take('a', 90)
  expect(isFullFor('a')).toBe(false)
  take('', 5)
  expect(isFullFor('a')).toBe(false)
  take('b', 1)
  expect([isFullFor('a'), isFullFor('b')]).toEqual([true, false])
  take('a', 1)
  expect(isFullFor('a')).toBe(true)
  pass(60_000)
  expect(isFullFor('a')).toBe(false)
  take('a', 2)
  expect(isFullFor('a')).toBe(false)
  take('a', 1)
  expect(isFullFor('a')).toBe(true)
})

it('what is free again counts no more', () => {
  const { isFullFor, take } = start()
  take('b', 1)
  const ends = take('a', 75)
  expect(isFullFor('a')).toBe(true)
  ends[0]?.()
  expect(isFullFor('a')).toBe(false)
})
