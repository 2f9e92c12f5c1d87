import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { HOSTILE_ROWS } from './support/hostile-rows.ts'

/** The numbers of the rows that each table has; those between were never given. */
const TABLES = {
  A: [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16, 17, 18, 20, 22, 26, 27, 30, 32, 33, 35, 36],
  B: [1, 2, 3, 5, 6, 8, 10, 12, 14, 16, 17, 18, 19],
  C: [1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19],
  D: [1, 2, 4, 5, 6, 8, 11, 12, 14],
}

/** A text that stands in a file as a title or as the name of a row, in whichever quotes. */
function hasTitle(file: string, title: string): boolean {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8')
  return ["'", '"', '`'].some(quote => source.includes(`${quote}${title}${quote}`))
}

it('every row of the four tables is tested, or says why it does not apply', () => {
  const ids = Object.entries(TABLES).flatMap(([table, numbers]) => numbers.map(number => `${table}${number}`))
  expect(Object.keys(HOSTILE_ROWS)).toEqual(ids)
  const rows = Object.values(HOSTILE_ROWS)
  const tested = rows.filter(row => typeof row !== 'string')
  const covers = new Set(tested.flat().map(cover => cover.join()))
  for (const row of rows) expect(row.length).toBeGreaterThan(0)
  const table = (name: string) =>
    Object.keys(HOSTILE_ROWS).filter(id => id.startsWith(name) && typeof HOSTILE_ROWS[id] !== 'string').length
  const perTable = Object.entries(TABLES).map(([name, { length }]) => `${name} ${table(name)} of ${length}`)
  console.log(
    `hostile inputs: ${tested.length} of ${rows.length} rows apply (${perTable.join(', ')}), ${covers.size} titles`,
  )
})

it.each(
  Object.entries(HOSTILE_ROWS).flatMap(([id, row]) =>
    typeof row === 'string' ? [] : row.map(([file, title]) => [id, file, title] as const),
  ),
)('%s is tested in %s: "%s"', (_id, file, title) => {
  expect(hasTitle(file, title)).toBe(true)
})
