import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES, UNEXPECTED } from '../src/execution/error-codes.ts'
import { FAILURE_KINDS, FAILURES } from '../src/mfa/failure.ts'

const SOURCES = new URL('../src/', import.meta.url)
const CODE_LISTS: ReadonlySet<string> = new Set(['error-codes.ts', 'coded-error.ts'])
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

/** Codes stand in quotes where they are thrown; `tsc` sees to it that no other can be. */
function codesIn(folders: readonly string[]): Set<string> {
  const texts = folders.flatMap(folder =>
    readdirSync(new URL(folder, SOURCES), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !CODE_LISTS.has(name))
      .map(name => readFileSync(new URL(`${folder}${name}`, SOURCES), 'utf8')),
  )
  return new Set(texts.flatMap(text => [...text.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code ?? '')))
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

describe('the list of codes', () => {
  it('has no code that nobody throws', () => {
    const thrown = codesIn(['http/', 'execution/', 'schema/'])
    const own = ERROR_CODES.filter(code => !FAILURE_KINDS.some(kind => kind === code))
    expect(own.filter(code => code !== UNEXPECTED && !thrown.has(code))).toEqual([])
  })
})
