import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../src/execution/error-codes.ts'
import { FAILURE_KINDS, FAILURES } from '../src/mfa/failure.ts'

const doc = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')

/** The rows of a section's table, cells without their blanks. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const section = doc.split('\n## ').find(part => part.startsWith(heading)) ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('| `'))
  return rows.map(row =>
    row
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

describe('docs/errors.md', () => {
  it('has a row for every extensions.code that can leave, and for no other', () => {
    const codes = rowsOf('`extensions.code`').map(([code]) => code)
    expect(codes.toSorted()).toEqual(ERROR_CODES.map(code => `\`${code}\``).toSorted())
  })

  it('has the row of every kind of failure as the table of failures says it', () => {
    const expected = FAILURE_KINDS.map(kind => {
      const { type, cause, advice } = FAILURES[kind]
      return [`\`${kind}\``, `\`${type}\``, cause, advice]
    })
    expect(rowsOf('`MfaErrorCode`')).toEqual(expected)
  })

  it('says for each what it comes from and what to do', () => {
    for (const row of [...rowsOf('`extensions.code`'), ...rowsOf('`MfaErrorCode`')]) {
      expect(row).toHaveLength(4)
      for (const cell of row) expect(cell).not.toBe('')
    }
  })
})
