import { describe, expect, it } from 'vitest'
import {
  isDay,
  isFiltered,
  NO_FILTERS,
  readFilters,
  toCoverageFilter,
  toQuery,
} from '../../../console/screens/coverage/filters.ts'

const ALL = {
  posture: 'PENDING',
  factor: 'some',
  bound: 'OTP',
  not: 'SMS',
  department: '65d000000000000000000005',
  status: 'SUSPENDED',
  verified: 'once',
  before: '2026-02-28',
} as const

describe('the filters of the screen Coverage', () => {
  it('reads every filter of an address, and writes the same address', () => {
    expect(readFilters(ALL)).toEqual(ALL)
    expect(toQuery(readFilters(ALL))).toEqual(ALL)
  })

  it('asks the API for each of them', () => {
    expect(toCoverageFilter(readFilters(ALL))).toEqual({
      postures: ['PENDING'],
      withoutBoundFactor: false,
      boundFactor: 'OTP',
      notBoundFactor: 'SMS',
      departmentIds: ['65d000000000000000000005'],
      statuses: ['SUSPENDED'],
      neverVerified: false,
      lastMfaBefore: new Date(2026, 1, 28).toISOString(),
    })
  })

  it('leaves out what it does not know, and asks for nothing then', () => {
    const unknown = Object.fromEntries(Object.keys(ALL).map(name => [name, name === 'department' ? '' : 'x']))
    expect(readFilters(unknown)).toEqual(NO_FILTERS)
    expect(isFiltered(readFilters(unknown))).toBe(false)
    expect(toCoverageFilter(NO_FILTERS)).toEqual({})
  })

  it.each([
    ['2026-11-27', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-02-30', false],
    ['2026-13-01', false],
    ['0002-01-01', false],
    ['2026-1-1', false],
    ['', false],
  ])('takes %j for a day: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected)
  })
})
