import { describe, expect, it } from 'vitest'
import { type Breaker, type CallHealth, createBreaker } from '../../src/genauth/breaker.ts'

function atTime() {
  let nowMs = 1_000_000
  const changes: string[] = []
  const breaker = createBreaker({ now: () => nowMs, onChange: state => changes.push(state) })
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { breaker, changes, pass }
}

function call(breaker: Breaker, health: CallHealth, times = 1): void {
  for (let made = 0; made < times; made++) breaker.enter()?.(health)
}

describe('the breaker', () => {
  it.each<[string, [CallHealth, number][], boolean]>([
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
  ])('%s', (_what, calls, isOpen) => {
    const { breaker } = atTime()
    for (const [health, times] of calls) call(breaker, health, times)
    expect(breaker.state).toBe(isOpen ? 'OPEN' : 'CLOSED')
    expect(breaker.enter() === null).toBe(isOpen)
  })

  it('forgets calls after ten seconds', () => {
    const { breaker, pass } = atTime()
    call(breaker, 'BAD', 29)
    pass(11_000)
    call(breaker, 'BAD', 29)
    expect(breaker.state).toBe('CLOSED')
    pass(9_000)
    call(breaker, 'BAD')
    expect(breaker.state).toBe('OPEN')
  })

  it('lets one probe through after five seconds, and everybody after it went well', () => {
    const { breaker, pass, changes } = atTime()
    call(breaker, 'BAD', 30)
    pass(4_999)
    expect(breaker.enter()).toBeNull()
    pass(1)
    const report = breaker.enter()
    expect(breaker.enter()).toBeNull()
    report?.('GOOD')
    expect(breaker.state).toBe('CLOSED')
    expect(changes).toEqual(['OPEN', 'CLOSED'])
    call(breaker, 'BAD', 29)
    expect(breaker.state).toBe('CLOSED')
  })

  it('stays open for five more after a probe that failed, and probes again at once after one that says nothing', () => {
    const { breaker, pass } = atTime()
    call(breaker, 'BAD', 30)
    pass(5_000)
    breaker.enter()?.('BAD')
    expect(breaker.enter()).toBeNull()
    pass(5_000)
    breaker.enter()?.('NEITHER')
    expect(breaker.state).toBe('HALF_OPEN')
    expect(breaker.enter()).not.toBeNull()
  })

  it('does not count what was under way when it opened against those who come after', () => {
    const { breaker, pass } = atTime()
    const late = Array.from({ length: 40 }, () => breaker.enter())
    call(breaker, 'BAD', 30)
    for (const report of late) report?.('BAD')
    pass(5_000)
    breaker.enter()?.('GOOD')
    call(breaker, 'BAD', 29)
    expect(breaker.state).toBe('CLOSED')
  })
})
