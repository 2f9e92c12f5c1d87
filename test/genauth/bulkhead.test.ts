import { expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { Bulkhead } from '../../src/genauth/bulkhead.ts'
import type { Priority } from '../../src/mfa/call-context.ts'

const CONNECTIONS = 100
/** As many as there are for reads. */
const FOR_READS = 250

function start(connections = CONNECTIONS) {
  let nowMs = 0
  const bulkhead = new Bulkhead(connections, { ...systemClock, monotonic: () => nowMs })
  return {
    isFullFor: (callerKey: string, priority: Priority = 'WRITE') =>
      bulkhead.isFullFor({ callerKey, priority }),
    pass: (ms: number) => {
      nowMs += ms
    },
    take: (callerKey: string, times: number, priority: Priority = 'WRITE') =>
      Array.from({ length: times }, () => {
        bulkhead.enter({ callerKey, priority })
        return () => bulkhead.leave({ callerKey, priority })
      }),
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

it('background work holds 50 of the connections for reads at most, and has them beside a slow GenAuth, too', () => {
  const { isFullFor, take } = start(FOR_READS)
  take('a', 140, 'READ')
  const ends = take('scan', 50, 'BACKGROUND')
  expect(isFullFor('scan', 'BACKGROUND')).toBe(true)
  // Background work is no caller, so the one caller may hold all the others.
  take('a', 9, 'READ')
  expect(isFullFor('a', 'READ')).toBe(false)
  ends[0]?.()
  expect(isFullFor('scan', 'BACKGROUND')).toBe(false)
  take('a', 2, 'READ')
  expect([isFullFor('a', 'READ'), isFullFor('scan', 'BACKGROUND')]).toEqual([true, true])
  expect(isFullFor('a', 'WRITE')).toBe(false)
})

it('background work has none of the connections for writes', () => {
  expect(start().isFullFor('', 'BACKGROUND')).toBe(true)
})
