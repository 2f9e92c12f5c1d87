import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromIdBytes, toIdBytes } from '../../src/store/id-bytes.ts'
import { runs } from '../support/tier.ts'

it.each([
  ['65a000000000000000000001', 12],
  ['000000000000000000000000', 12],
  ['00ff00000000000000000001', 12],
  ['65A000000000000000000001', 25],
  ['u1', 3],
  ['eleven-byte', 13],
  ['twelve-bytes', 13],
  ['ünïcödé-', 13],
])('keeps the id %s in %i bytes', (id, bytes) => {
  expect(toIdBytes(id)).toHaveLength(bytes)
  expect(fromIdBytes(toIdBytes(id))).toBe(id)
})

it('keeps each id, and no two alike', () => {
  const usual = fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 24, maxLength: 24 })
    .map(digits => digits.join(''))
  const other = fc
    .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    .filter(id => !id.startsWith('\0'))
  fc.assert(
    fc.property(fc.oneof(usual, other), id => {
      expect(fromIdBytes(toIdBytes(id))).toBe(id)
    }),
    { numRuns: runs({ short: 200, all: 5_000 }) },
  )
})
