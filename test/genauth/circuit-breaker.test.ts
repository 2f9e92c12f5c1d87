import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { CircuitBreaker } from '../../src/genauth/circuit-breaker.ts'
import type { CallHealth } from '../../src/genauth/classify.ts'

function atTime() {
  let nowMs = 1_000_000
  const changes: string[] = []
  const breaker = new CircuitBreaker({
    clock: { ...systemClock, monotonic: () => nowMs },
    onChange: (state, scope) => changes.push(`${state} ${scope}`),
  })
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { breaker, changes, pass }
}

interface Calls {
  readonly caller?: string
  readonly times?: number
  /** How many different users they are about, the same ones for every caller. */
  readonly users?: number
}

/** By default calls of one caller about as many users as there are calls. */
function call(
  breaker: CircuitBreaker,
  health: CallHealth,
  { caller = 'a', times = 1, users }: Calls = {},
): void {
  for (let made = 0; made < times; made++) {
    const subject = users === undefined ? `${caller}’s ${made}` : `user ${made % users}`
    breaker.enter({ callerKey: caller, subject })?.(health)
  }
}

function lets(breaker: CircuitBreaker, caller: string): boolean {
  return !breaker.isOpenFor(caller)
}

type Row = [health: CallHealth, times: number, calls?: Calls]

describe('the breaker for the only caller', () => {
  it.each<[string, Row[], boolean]>([
    [
      'opens at half of 30 calls',
      [
        ['GOOD', 15],
        ['BAD', 15],
      ],
      true,
    ],
    [
      'stays closed at 14 of 30',
      [
        ['GOOD', 16],
        ['BAD', 14],
      ],
      false,
    ],
    ['stays closed at 29 bad calls, which are too few', [['BAD', 29]], false],
    ['opens at the 30th', [['BAD', 30]], true],
    [
      'does not count what is neither',
      [
        ['NEITHER', 100],
        ['BAD', 29],
      ],
      false,
    ],
    [
      'counts a refusal as a sign of life',
      [
        ['GOOD', 31],
        ['BAD', 30],
      ],
      false,
    ],
    ['stays closed where one user is asked for again and again', [['BAD', 500, { users: 1 }]], false],
    ['stays closed at two users', [['BAD', 500, { users: 2 }]], false],
    ['opens at three users', [['BAD', 30, { users: 3 }]], true],
  ])('%s', (_what, rows, isOpen) => {
    const { breaker } = atTime()
    for (const [health, times, calls] of rows) call(breaker, health, { ...calls, times })
    expect(breaker.state).toBe(isOpen ? 'OPEN' : 'CLOSED')
    expect(lets(breaker, 'a')).toBe(!isOpen)
    expect(breaker.enter({ callerKey: 'a', subject: 'u' }) === null).toBe(isOpen)
  })

  it('forgets calls after ten seconds', () => {
    const { breaker, pass } = atTime()
    call(breaker, 'BAD', { times: 29 })
    pass(11_000)
    call(breaker, 'BAD', { times: 29 })
    expect(breaker.state).toBe('CLOSED')
    pass(9_000)
    call(breaker, 'BAD')
    expect(breaker.state).toBe('OPEN')
  })
})

describe('the breaker for several callers', () => {
  const [BAD, GOOD] = ['BAD', 'GOOD'] as const
  it.each<[string, Row[], 'NOBODY' | 'A' | 'ALL']>([
    [
      'is shut for one whose identifiers GenAuth cannot answer, and for nobody else',
      [
        [GOOD, 5, { caller: 'b' }],
        [BAD, 500, { caller: 'a' }],
      ],
      'A',
    ],
    ['is shut for that one alone, too, where nobody else calls', [[BAD, 500, { caller: 'a' }]], 'A'],
    [
      'is shut for nobody where several look at one user whom GenAuth cannot answer',
      [
        [BAD, 100, { caller: 'a', users: 1 }],
        [BAD, 100, { caller: 'b', users: 1 }],
        [BAD, 100, { caller: 'c', users: 1 }],
      ],
      'NOBODY',
    ],
    [
      'is shut for all in an outage that two see',
      [
        [BAD, 15, { caller: 'a' }],
        [BAD, 15, { caller: 'b' }],
      ],
      'ALL',
    ],
    [
      'is shut for all in an outage that one sees most of',
      [
        [BAD, 200, { caller: 'a' }],
        [BAD, 10, { caller: 'b' }],
      ],
      'ALL',
    ],
    [
      'is not shut for all by one and a few bad calls of another',
      [
        [BAD, 200, { caller: 'a' }],
        [BAD, 9, { caller: 'b' }],
      ],
      'A',
    ],
    [
      'is not shut for all by one while the others are served',
      [
        [BAD, 200, { caller: 'a' }],
        [GOOD, 20, { caller: 'b' }],
        [BAD, 10, { caller: 'c' }],
      ],
      'A',
    ],
    [
      'is shut for all where each of many calls once',
      Array.from({ length: 30 }, (_, n): Row => ['BAD', 1, { caller: `caller ${n}` }]),
      'ALL',
    ],
    [
      'is shut for nobody where each of many calls once about one user',
      Array.from({ length: 30 }, (_, n): Row => ['BAD', 1, { caller: `caller ${n}`, users: 1 }]),
      'NOBODY',
    ],
    [
      'is shut for all where half of many callers fail',
      Array.from({ length: 60 }, (_, n): Row => [n < 30 ? GOOD : BAD, 2, { caller: `caller ${n}` }]).concat([
        [BAD, 3, { caller: 'x' }],
      ]),
      'ALL',
    ],
  ])('%s', (_what, rows, shutFor) => {
    const { breaker } = atTime()
    for (const [health, times, calls] of rows) call(breaker, health, { ...calls, times })
    expect([lets(breaker, 'a'), lets(breaker, 'somebody new')]).toEqual([
      shutFor === 'NOBODY',
      shutFor !== 'ALL',
    ])
  })

  it('is told of by its state only where nobody else is served', () => {
    const { breaker, pass } = atTime()
    call(breaker, 'BAD', { times: 30 })
    expect(breaker.state).toBe('OPEN')
    call(breaker, 'GOOD', { caller: 'b' })
    expect(breaker.state).toBe('CLOSED')
    pass(11_000)
    expect(breaker.state).toBe('HALF_OPEN')
    pass(50_000)
    expect(breaker.state).toBe('CLOSED')
  })

  it('knows no more than a hundred for whom alone it is shut', () => {
    const { breaker } = atTime()
    for (let n = 0; n < 150; n++) {
      for (let other = 0; other < 40; other++) call(breaker, 'GOOD', { caller: 'served' })
      call(breaker, 'BAD', { caller: `a${n}`, times: 30 })
    }
    const shut = Array.from({ length: 150 }, (_, n) => breaker.isOpenFor(`a${n}`))
    expect(shut.filter(isShut => isShut).length).toBeLessThanOrEqual(100)
    expect(lets(breaker, 'served')).toBe(true)
  })
})

describe('a breaker that is open', () => {
  it('lets one probe through after five seconds, and everybody after it went well', () => {
    const { breaker, pass, changes } = atTime()
    call(breaker, 'BAD', { times: 30 })
    pass(4_999)
    expect(breaker.enter({ callerKey: 'a', subject: 'u' })).toBeNull()
    pass(1)
    const report = breaker.enter({ callerKey: 'a', subject: 'u' })
    expect(breaker.enter({ callerKey: 'a', subject: 'v' })).toBeNull()
    report?.('GOOD')
    expect(breaker.state).toBe('CLOSED')
    expect(changes).toEqual(['OPEN CALLER', 'CLOSED CALLER'])
    call(breaker, 'BAD', { times: 29 })
    expect(breaker.state).toBe('CLOSED')
  })

  it('stays open for five more after a probe that failed, and probes again at once after one that says nothing', () => {
    const { breaker, pass, changes } = atTime()
    const probe = () => breaker.enter({ callerKey: 'a', subject: 'u' })
    call(breaker, 'BAD', { times: 30 })
    pass(5_000)
    probe()?.('BAD')
    expect(probe()).toBeNull()
    pass(5_000)
    probe()?.('NEITHER')
    expect(breaker.state).toBe('HALF_OPEN')
    expect(probe()).not.toBeNull()
    expect(changes).toEqual(['OPEN CALLER'])
  })

  it('is not kept open by the bad probes of one: somebody else may try a second later', () => {
    const { breaker, pass, changes } = atTime()
    const probe = (callerKey: string) => breaker.enter({ callerKey, subject: 'u' })
    call(breaker, 'BAD', { caller: 'a', times: 15 })
    call(breaker, 'BAD', { caller: 'b', times: 15 })
    pass(5_000)
    probe('a')?.('BAD')
    pass(999)
    expect([probe('a'), probe('b')]).toEqual([null, null])
    pass(1)
    expect(probe('a')).toBeNull()
    probe('b')?.('GOOD')
    expect(changes).toEqual(['OPEN ALL', 'CLOSED ALL'])
    expect([lets(breaker, 'a'), lets(breaker, 'b')]).toEqual([true, true])
  })

  it('does not count what was under way when it opened against those who come after', () => {
    const { breaker, pass } = atTime()
    const late = Array.from({ length: 40 }, (_, n) => breaker.enter({ callerKey: 'a', subject: `u${n}` }))
    call(breaker, 'BAD', { times: 30 })
    for (const report of late) report?.('BAD')
    pass(5_000)
    breaker.enter({ callerKey: 'a', subject: 'u' })?.('GOOD')
    call(breaker, 'BAD', { times: 29 })
    expect(breaker.state).toBe('CLOSED')
  })
})
