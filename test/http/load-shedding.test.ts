import { describe, expect, it } from 'vitest'
import { createLoadShedding, mayWrite, type Purpose } from '../../src/http/load-shedding.ts'

/** A server whose state is told, with a clock that is set. */
function createStand() {
  const state = { delayMs: 0, inFlight: 0, nowMs: 0 }
  const loadShedding = createLoadShedding(state, state, { monotonic: () => state.nowMs })
  const admits = (purpose: Purpose): boolean => {
    try {
      loadShedding.admit(purpose)
      return true
    } catch (error) {
      expect(error).toMatchObject({ httpStatus: 503, code: 'OVERLOADED' })
      return false
    }
  }
  return { state, loadShedding, admits }
}

describe('shedding', () => {
  it.each<[delayMs: number, inFlight: number, admitted: Purpose[]]>([
    [0, 1, ['READ', 'WRITE', 'UNKNOWN']],
    [9, 1_000, ['READ', 'WRITE', 'UNKNOWN']],
    [0, 1_001, ['WRITE', 'UNKNOWN']],
    [0, 1_251, []],
    [10, 256, ['READ', 'WRITE', 'UNKNOWN']],
    [10, 257, ['WRITE', 'UNKNOWN']],
    [19, 321, []],
    [20, 128, ['READ', 'WRITE', 'UNKNOWN']],
    [20, 129, ['WRITE', 'UNKNOWN']],
    [49, 161, []],
    [50, 64, ['READ', 'WRITE', 'UNKNOWN']],
    [50, 65, ['WRITE', 'UNKNOWN']],
    [199, 97, []],
    [200, 32, ['READ', 'WRITE', 'UNKNOWN']],
    [200, 33, ['WRITE', 'UNKNOWN']],
    [200, 65, []],
    [2_000, 1, ['READ', 'WRITE', 'UNKNOWN']],
  ])('with the loop %i ms late and %i in flight lets in %j', (delayMs, inFlight, admitted) => {
    const { state, admits } = createStand()
    Object.assign(state, { delayMs, inFlight })
    expect((['READ', 'WRITE', 'UNKNOWN'] as const).filter(admits)).toEqual(admitted)
  })

  it('is lasting after two seconds of it, until a second without', () => {
    const { state, loadShedding, admits } = createStand()
    Object.assign(state, { delayMs: 500, inFlight: 100 })
    for (const nowMs of [0, 900, 1_800]) {
      state.nowMs = nowMs
      admits('READ')
      expect(loadShedding.isLasting).toBe(false)
    }
    state.nowMs = 2_000
    expect(loadShedding.isLasting).toBe(true)
    state.nowMs = 2_800
    expect(loadShedding.isLasting).toBe(true)
    state.nowMs = 2_801
    expect(loadShedding.isLasting).toBe(false)
    admits('READ')
    expect(loadShedding.isLasting).toBe(false)
  })
})

it.each([
  ['{ userMfa(userId: "u") { __typename } }', false],
  ['query Q { __typename }', false],
  ['mutation { setUserMfaStatus(input: {}) { __typename } }', true],
  ['query Q { __typename } mutation M { __typename }', true],
])('of %s the edge thinks that it may write: %s', (document, expected) => {
  expect(mayWrite(document)).toBe(expected)
})
