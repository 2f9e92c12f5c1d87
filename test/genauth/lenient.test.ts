import { expect, it } from 'vitest'
import { z } from 'zod'
import { listOfReadable, notNeeded, plainFlag, plainNumber, plainText } from '../../src/genauth/lenient.ts'

/** What cannot be read. */
const FAULTY = Symbol('faulty')

function read(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : FAULTY
}

it.each<[unknown, unknown]>([
  ['13800138000', '13800138000'],
  [13800138000, '13800138000'],
  [0, '0'],
  ['', ''],
  [2 ** 53, FAULTY],
  [1.5, FAULTY],
  [-1, FAULTY],
  [Number.POSITIVE_INFINITY, FAULTY],
  [true, FAULTY],
  [null, FAULTY],
  [undefined, FAULTY],
  [['1'], FAULTY],
  [{}, FAULTY],
])('%j as a text is %s', (value, expected) => {
  expect(read(plainText, value)).toBe(expected)
})

it.each<[unknown, unknown]>([
  [200, 200],
  ['200', 200],
  ['0', 0],
  [-1, -1],
  ['-1', FAULTY],
  ['0200', FAULTY],
  ['2e2', FAULTY],
  ['0x10', FAULTY],
  [' 200', FAULTY],
  ['200 ', FAULTY],
  ['', FAULTY],
  ['1'.repeat(16), FAULTY],
  [Number.POSITIVE_INFINITY, FAULTY],
  [true, FAULTY],
  [null, FAULTY],
  [[200], FAULTY],
])('%j as a number is %s', (value, expected) => {
  expect(read(plainNumber, value)).toBe(expected)
})

it.each<[unknown, unknown]>([
  [true, true],
  [1, true],
  ['1', true],
  ['true', true],
  ['True', true],
  ['enabled', true],
  [false, false],
  [0, false],
  ['0', false],
  ['false', false],
  ['disabled', false],
  ['yes', FAULTY],
  ['no', FAULTY],
  ['on', FAULTY],
  ['', FAULTY],
  [2, FAULTY],
  [-1, FAULTY],
  [null, FAULTY],
  [[], FAULTY],
  [{}, FAULTY],
])('%j as a flag is %s', (value, expected) => {
  expect(read(plainFlag, value)).toBe(expected)
})

it('what is not needed is null where it is missing or cannot be read', () => {
  const schema = z.object({ phone: notNeeded(plainText) })
  expect([{}, { phone: null }, { phone: {} }, { phone: 5 }].map(value => read(schema, value))).toEqual([
    {},
    { phone: null },
    { phone: null },
    { phone: '5' },
  ])
})

it('a bad record is missing from its list alone, and no list is none', () => {
  const schema = listOfReadable(5, z.object({ id: plainText }))
  expect(read(schema, [{ id: 1 }, { id: {} }, null, [], { id: 'b' }])).toEqual([{ id: '1' }, { id: 'b' }])
  for (const value of [{}, 'a', null, Array(6).fill({ id: 1 })]) expect(read(schema, value)).toBe(FAULTY)
})
