import { CASES } from '../cases.ts'
import type { Measured, TableRow } from '../parts/table.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown, toMb, withSpread } from './markdown.ts'

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
  'server ÷ it',
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

function toCells(row: TableRow): string[] {
  const { subject, requestsPerUnit, measured, waitShare, writesPerSync, serverRatio } = row
  const { title } = SUBJECTS[subject]
  if (measured === null) return [title, ...HEADINGS.slice(1).map(() => '–')]
  // The proxy's latencies are of one call, and many an operation has several calls.
  const hasUnitLatency = requestsPerUnit === 1
  const { cpuUs, operationsPerS, p50Ms, p99Ms, rssBytes } = measured
  return [
    title,
    cpuUs.median.toFixed(0),
    withSpread(cpuUs.ratio, 2),
    cpuUs.leastRatio.toFixed(2),
    serverRatio === null ? '' : serverRatio.median.toFixed(2),
    operationsPerS.median.toFixed(0),
    ratio(operationsPerS),
    p50Ms.median.toFixed(1),
    hasUnitLatency ? ratio(p50Ms) : '–',
    p99Ms.median.toFixed(1),
    hasUnitLatency ? ratio(p99Ms) : '–',
    toMb(rssBytes.median),
    ratio(rssBytes),
    `${(waitShare * 100).toFixed(0)} %`,
    writesPerSync === null ? '' : writesPerSync.median.toFixed(1),
  ]
}

function ratio({ ratio: { median } }: Measured): string {
  return median.toFixed(2)
}
