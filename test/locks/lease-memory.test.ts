import { describe, expect, it } from 'vitest'
import { createLeaseMemory } from '../../src/locks/lease-memory.ts'
import { clockAt } from '../support/hand-clock.ts'

const NEVER = Number.NEGATIVE_INFINITY

function createAt() {
  const time = { nowMs: 1_000 }
  return { time, memory: createLeaseMemory(clockAt(() => time.nowMs)) }
}

describe('leases may have been lost', () => {
  it('never, at first', () => {
    expect(createAt().memory.lostAtMs).toBe(NEVER)
  })

  it('when a connection was made, and again when there is the first answer on it', () => {
    const { time, memory } = createAt()
    memory.noteConnection()
    expect(memory.lostAtMs).toBe(1_000)
    time.nowMs = 3_000
    memory.noteReturn()
    expect(memory.lostAtMs).toBe(3_000)
    time.nowMs = 4_000
    // Redis was slow for a while, and kept the connection.
    memory.noteReturn()
    expect(memory.lostAtMs).toBe(3_000)
  })

  it.each<[string, [nowMs: number, redisMs: number, askedAtMs: number][], number]>([
    [
      'answers come as fast as Redis goes',
      [
        [1_000, 50, 999],
        [2_000, 1_050, 1_999],
      ],
      NEVER,
    ],
    [
      'the clock was set forward',
      [
        [1_000, 50, 999],
        [2_000, 3_550, 1_999],
      ],
      2_000,
    ],
    [
      'it was set forward by less than matters',
      [
        [1_000, 50, 999],
        [2_000, 1_950, 1_999],
      ],
      NEVER,
    ],
    [
      'it was set back',
      [
        [1_000, 50_000, 999],
        [2_000, 50, 1_999],
      ],
      NEVER,
    ],
    [
      'this process stood still before it read the first answer',
      [
        [9_000, 50, 1_000],
        [9_001, 8_051, 9_000],
      ],
      NEVER,
    ],
    [
      'this process stood still before it read the second',
      [
        [1_000, 50, 999],
        [9_000, 1_050, 1_999],
      ],
      NEVER,
    ],
    [
      'it was set forward, back and forward',
      [
        [1_000, 50, 999],
        [2_000, 9_000, 1_999],
        [3_000, 50, 2_999],
        [4_000, 9_000, 3_999],
      ],
      4_000,
    ],
  ])('or not, where %s', (_what, answers, expected) => {
    const { time, memory } = createAt()
    for (const [nowMs, redisMs, askedAtMs] of answers) {
      time.nowMs = nowMs
      memory.noteClock(redisMs, askedAtMs)
    }
    expect(memory.lostAtMs).toBe(expected)
  })
})
