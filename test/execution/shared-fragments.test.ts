import { describe, expect, it } from 'vitest'
import { collectFragments, completeDocument } from '../../src/execution/shared-fragments.ts'

const PHONE = 'fragment F on UserMfa {\n  phone\n}'
const EMAIL = 'fragment F on UserMfa {\n  email\n}'
const OUTER = 'fragment G on UserMfa {\n  ...F\n}'

describe('a document that uses shared fragments', () => {
  it.each<[what: string, document: string, shared: readonly string[], expected: string | null]>([
    ['none', '{ a }', [PHONE], '{ a }'],
    ['one', '{ ...F }', [PHONE, '{ b }'], `{ ...F }\n${PHONE}`],
    ['one through another', '{ ...G }', [PHONE, OUTER], `{ ...G }\n${OUTER}\n${PHONE}`],
    ['its own', `{ ...F } ${EMAIL}`, [PHONE], `{ ...F } ${EMAIL}`],
    ['one that two files define alike', '{ ...F }', [PHONE, PHONE.replace(/\n/g, ' ')], `{ ...F }\n${PHONE}`],
    ['one that nobody defines', '{ ...H }', [PHONE], null],
    ['one that two files define differently', '{ ...F }', [PHONE, EMAIL], null],
    ['one that three files define, two alike', '{ ...F }', [PHONE, EMAIL, PHONE], null],
    ['one that leads to two', '{ ...G }', [OUTER, PHONE, EMAIL], null],
    ['its own in the place of two', `{ ...F } ${PHONE}`, [PHONE, EMAIL], `{ ...F } ${PHONE}`],
  ])('%s', (_what, document, shared, expected) => {
    expect(completeDocument(document, collectFragments(shared))).toBe(expected)
  })
})
