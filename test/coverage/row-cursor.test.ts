import { describe, expect, it } from 'vitest'
import { EVERY_ROW } from '../../src/coverage/coverage-filter.ts'
import { type CursorScope, parseRowCursor, toRowCursor } from '../../src/coverage/row-cursor.ts'

const SCOPE: CursorScope = {
  scanId: 'scan-1',
  order: 'SCANNED',
  filter: { ...EVERY_ROW, statuses: ['ACTIVATED', 'SUSPENDED'], departmentIds: ['a', 'b'] },
}

describe('a cursor of rows', () => {
  it.each([1, 50, 99_999, 2_147_483_647])('leads back to the place %i', place => {
    const cursor = toRowCursor(SCOPE, place)
    expect(parseRowCursor(SCOPE, cursor)).toBe(place)
    expect(cursor).toMatch(/^[\w-]{13,22}$/)
  })

  it('is the same whatever the order of the values of a filter is', () => {
    const filter = {
      ...SCOPE.filter,
      statuses: ['SUSPENDED', 'ACTIVATED', 'ACTIVATED'],
      departmentIds: ['b', 'a'],
    } as const
    expect(parseRowCursor({ ...SCOPE, filter }, toRowCursor(SCOPE, 7))).toBe(7)
  })

  it.each<[string, Partial<CursorScope>]>([
    ['another scan', { scanId: 'scan-2' }],
    ['another order', { order: 'LAST_MFA_ASC' }],
    ['no filter', { filter: EVERY_ROW }],
    ['another department', { filter: { ...SCOPE.filter, departmentIds: ['a'] } }],
    ['departments for statuses', { filter: { ...EVERY_ROW, departmentIds: ['ACTIVATED', 'SUSPENDED'] } }],
    ['a time of sign-in', { filter: { ...SCOPE.filter, lastSignInAfterMs: 1 } }],
    ['one more condition', { filter: { ...SCOPE.filter, neverVerified: false } }],
    ['the opposite condition', { filter: { ...SCOPE.filter, withoutBoundFactor: false } }],
  ])('is none of %s', (_what, change) => {
    expect(parseRowCursor({ ...SCOPE, ...change }, toRowCursor(SCOPE, 7))).toBeNull()
  })

  it.each([
    ['empty', () => ''],
    ['without a place', (good: string) => good.slice(0, 12)],
    ['with the place 0', (good: string) => `${good.slice(0, 12)}0`],
    ['with a negative place', (good: string) => `${good.slice(0, 12)}-1`],
    ['with a place that is no number', (good: string) => `${good}x`],
    ['with a place too large for a store', (good: string) => `${good.slice(0, 12)}99999999999999999999`],
    ['with a place beyond the column', (good: string) => `${good.slice(0, 12)}2147483648`],
    ['in other letters', (good: string) => good.toUpperCase()],
    ['with a line end', (good: string) => `${good}\n`],
    ['of a megabyte', (good: string) => good.repeat(80_000)],
  ])('that is %s is none', (_what, change) => {
    expect(parseRowCursor(SCOPE, change(toRowCursor(SCOPE, 7)))).toBeNull()
  })
})
