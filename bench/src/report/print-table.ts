import { CASES } from '../cases.ts'
import type { Measured, TableRow } from '../parts/table.ts'
import type { Spread } from '../statistics.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown } from './markdown.ts'

const BYTES_PER_MB = 1024 * 1024

/** Returns the rows as Markdown, a table for each case. */
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
  'least / least',
  'per second',
  '×',
  'p50 ms',
  '×',
  'p99 ms',
  '×',
  'RSS MB',
  '×',
  'waited',
  'writes per fsync',
]

function toCells({ subject, requestsPerUnit, measured, waitShare, writesPerSync }: TableRow): string[] {
  const { title } = SUBJECTS[subject]
  if (measured === null) return [title, ...HEADINGS.slice(1).map(() => '–')]
  // The proxy's latencies are of one call, and many an operation has several calls.
  const hasUnitLatency = requestsPerUnit === 1
  const { cpuUs, operationsPerS, p50Ms, p99Ms, rssBytes } = measured
  return [
    title,
    cpuUs.median.toFixed(0),
    withSpread(cpuUs.ratio),
    cpuUs.leastRatio.toFixed(2),
    operationsPerS.median.toFixed(0),
    ratio(operationsPerS),
    p50Ms.median.toFixed(1),
    hasUnitLatency ? ratio(p50Ms) : '–',
    p99Ms.median.toFixed(1),
    hasUnitLatency ? ratio(p99Ms) : '–',
    (rssBytes.median / BYTES_PER_MB).toFixed(0),
    ratio(rssBytes),
    `${(waitShare * 100).toFixed(0)} %`,
    writesPerSync === null ? '' : writesPerSync.median.toFixed(1),
  ]
}

function ratio({ ratio: { median } }: Measured): string {
  return median.toFixed(2)
}

function withSpread({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`
}
