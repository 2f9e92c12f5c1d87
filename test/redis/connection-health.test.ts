import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { type ConnectionHealth, createConnectionHealth } from '../../src/redis/connection-health.ts'
import { clockAt } from '../support/hand-clock.ts'

/** What happens at which moment, and the state after it. */
type Step = readonly [atMs: number, happen: (health: ConnectionHealth) => void, expected: 'SHARED' | 'LOCAL']

const wrote = (health: ConnectionHealth) => health.wrote()
const answered = (health: ConnectionHealth) => health.answered()
const timedOut = (askedAtMs: number) => (health: ConnectionHealth) => health.timedOut(askedAtMs)
const refused = (health: ConnectionHealth) => health.failed({ reason: 'READONLY', command: 'evalsha' })

function judge(steps: readonly Step[], lostAfterTimeouts: number) {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: line => lines.push(line) })
  let nowMs = 0
  const health = createConnectionHealth({ lostAfterTimeouts, log, clock: clockAt(() => nowMs) })
  const changes: string[] = []
  health.onChange(state => changes.push(state))
  for (const [atMs, happen, expected] of steps) {
    nowMs = atMs
    happen(health)
    expect([atMs, health.state]).toEqual([atMs, expected])
  }
  return { changes, lines: lines.map(line => JSON.parse(line)) }
}

describe('Redis counts as lost', () => {
  it.each<[string, number, readonly Step[]]>([
    [
      'after three questions in a row without an answer',
      3,
      [
        [0, wrote, 'SHARED'],
        [100, timedOut(0), 'SHARED'],
        [201, timedOut(101), 'SHARED'],
        [302, timedOut(202), 'LOCAL'],
        [900, answered, 'LOCAL'],
        [901, wrote, 'SHARED'],
      ],
    ],
    [
      'not by one stall, however many questions it fails',
      3,
      [
        [0, wrote, 'SHARED'],
        [100, timedOut(0), 'SHARED'],
        [110, timedOut(10), 'SHARED'],
        [120, timedOut(20), 'SHARED'],
        [199, timedOut(99), 'SHARED'],
        [250, timedOut(150), 'SHARED'],
        [360, timedOut(260), 'LOCAL'],
      ],
    ],
    [
      'not where an answer comes between them',
      3,
      [
        [0, wrote, 'SHARED'],
        [100, timedOut(0), 'SHARED'],
        [201, timedOut(101), 'SHARED'],
        [210, answered, 'SHARED'],
        [302, timedOut(202), 'SHARED'],
        [403, timedOut(303), 'SHARED'],
        [504, timedOut(404), 'LOCAL'],
      ],
    ],
    [
      'after a single one if so it is set',
      1,
      [
        [0, wrote, 'SHARED'],
        [100, timedOut(0), 'LOCAL'],
      ],
    ],
    [
      'after a single one if it has never answered, or not since it was lost',
      3,
      [
        [100, timedOut(0), 'LOCAL'],
        [500, timedOut(400), 'LOCAL'],
        [600, wrote, 'SHARED'],
      ],
    ],
    [
      'by one refusal',
      3,
      [
        [0, wrote, 'SHARED'],
        [10, refused, 'LOCAL'],
        [20, refused, 'LOCAL'],
      ],
    ],
  ])('%s', (_what, lostAfterTimeouts, steps) => {
    const { changes, lines } = judge(steps, lostAfterTimeouts)
    expect(lines.map(({ redis }) => redis)).toEqual(changes)
  })

  it('and nothing is said of it after the end', () => {
    const end = (health: ConnectionHealth) => health.close()
    const steps = [
      [0, wrote, 'SHARED'],
      [1, end, 'SHARED'],
      [2, refused, 'SHARED'],
      [900, timedOut(800), 'SHARED'],
    ] as const
    expect(judge(steps, 1).lines).toHaveLength(1)
  })
})
