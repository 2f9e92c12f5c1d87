import { readdirSync, readFileSync } from 'node:fs'
import { isEnumType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../src/execution/error-codes.ts'
import { createSchema } from '../src/schema/index.ts'

const SOURCES = new URL('../src/', import.meta.url)
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

function codesIn(folders: readonly string[]): Set<string> {
  const texts = folders.flatMap(folder =>
    readdirSync(new URL(folder, SOURCES), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && name !== 'error-codes.ts')
      .map(name => readFileSync(new URL(`${folder}${name}`, SOURCES), 'utf8')),
  )
  return new Set(
    texts.flatMap(text =>
      [
        ...text.matchAll(
          /(?:code: |RequestRefused\(\s*\d+,\s*|to(?:Request)?Error\(|extensions\['code'\].* \?\? )'([A-Z_]+)'/g,
        ),
      ].map(([, code]) => code ?? ''),
    ),
  )
}

describe('docs/errors.md', () => {
  it('has a row for every extensions.code that can leave, and for no other', () => {
    const codes = rowsOf('`extensions.code`').map(([code]) => code)
    expect(codes.toSorted()).toEqual(ERROR_CODES.map(code => `\`${code}\``).toSorted())
  })

  it('has a row for every MfaErrorCode with the type that carries it', () => {
    const type = createSchema().getType('MfaErrorCode')
    const expected = isEnumType(type)
      ? type.getValues().map(({ name, description }) => {
          const [carrier] = /`\w+`/.exec(description ?? '') ?? []
          return [`\`${name}\``, carrier]
        })
      : []
    const rows = rowsOf('`MfaErrorCode`').map(([code, carrier]) => [code, carrier])
    expect(rows.toSorted()).toEqual(expected.toSorted())
  })

  it('says for each what it comes from and what to do', () => {
    for (const row of [...rowsOf('`extensions.code`'), ...rowsOf('`MfaErrorCode`')]) {
      expect(row).toHaveLength(4)
      for (const cell of row) expect(cell).not.toBe('')
    }
  })
})

describe('the list of codes', () => {
  it('has every code that is thrown, and none that nobody throws', () => {
    const thrown = codesIn(['http/', 'execution/', 'schema/'])
    const listed = new Set<string>(ERROR_CODES)
    expect([...thrown].filter(code => !listed.has(code))).toEqual([])
    // Failures are thrown by their kind.
    const failures = [
      'INVALID_INPUT',
      'AMBIGUOUS_USER',
      'PLAN_REQUIRED',
      'UPSTREAM_FORBIDDEN',
      'OPERATION_REFUSED',
      'RATE_LIMITED',
    ]
    const known = new Set([...thrown, ...failures, 'INTERNAL_SERVER_ERROR'])
    expect(ERROR_CODES.filter(code => !known.has(code))).toEqual([])
  })
})
