import { CASES } from '../cases.ts'
import type { Measured, TableRow } from '../parts/table.ts'
import type { Spread } from '../statistics.ts'
import { SUBJECTS } from '../subjects.ts'

const BYTES_PER_MB = 1024 * 1024

/** The rows as Markdown, a table for each case. */
export function printTable(rows: readonly TableRow[]): string {
  const cases = [...new Set(rows.map(row => row.caseName))]
  return cases
    .map(caseName => {
      const own = rows.filter(row => row.caseName === caseName)
      return `### ${CASES[caseName].title}\n\n${toMarkdown(HEADINGS, own.map(toCells))}`
    })
    .join('\n')
}

const HEADINGS = [
  'subject',
  'CPU µs',
  '× proxy (min–max)',
  'per second',
  '×',
  'p50 ms',
  '×',
  'p99 ms',
  '×',
  'RSS MB',
  '×',
  'writes per fsync',
]

function toCells({ subject, measured, writesPerSync }: TableRow): string[] {
  const { title } = SUBJECTS[subject]
  if (measured === null) return [title, ...HEADINGS.slice(1).map(() => '–')]
  const { cpuUs, operationsPerS, p50Ms, p99Ms, rssBytes } = measured
  return [
    title,
    cpuUs.median.toFixed(0),
    withSpread(cpuUs.ratio),
    operationsPerS.median.toFixed(0),
    ratio(operationsPerS),
    p50Ms.median.toFixed(1),
    ratio(p50Ms),
    p99Ms.median.toFixed(1),
    ratio(p99Ms),
    (rssBytes.median / BYTES_PER_MB).toFixed(0),
    ratio(rssBytes),
    writesPerSync === null ? '' : writesPerSync.median.toFixed(1),
  ]
}

function ratio({ ratio: { median } }: Measured): string {
  return median.toFixed(2)
}

function withSpread({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`
}

/** A Markdown table. */
export function toMarkdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('')
}
