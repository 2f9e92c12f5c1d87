import type { DocumentsResult } from '../parts/documents.ts'
import type { DutiesRow } from '../parts/duties.ts'
import type { LatencyRow } from '../parts/latency.ts'
import type { Sweep } from '../parts/sweeps.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown, toMb, withSpread } from './markdown.ts'

export function printDuties(rows: readonly DutiesRow[]): string {
  const headings = ['subject with duties', 'two synced records, a line, a count', 'requests refused']
  const cells = rows.map(({ subject, refused }) => [SUBJECTS[subject].title, 'yes', `${refused.length}`])
  return toMarkdown(headings, cells)
}

export function printLatency(rows: readonly LatencyRow[]): string {
  const headings = [
    'mutation at half of capacity',
    'per second',
    'p50 ms',
    'p99 ms',
    "p99 × proxy's (min–max)",
  ]
  const cells = rows.map(({ subject, ratePerS, p50Ms, p99Ms, p99Ratio }) => [
    SUBJECTS[subject].title,
    ratePerS.toFixed(0),
    p50Ms.median.toFixed(2),
    p99Ms.median.toFixed(2),
    withSpread(p99Ratio, 2),
  ])
  return toMarkdown(headings, cells)
}

export function printDocuments(result: DocumentsResult): string {
  const { documents, bodyBytes, rssBeforeBytes, rssGreatestBytes, rssAfterBytes } = result
  const headings = [`${documents} new documents of ${bodyBytes} bytes`, 'RSS MB', 'more than before']
  const rows = (
    [
      ['before', rssBeforeBytes],
      ['greatest', rssGreatestBytes],
      ['after', rssAfterBytes],
    ] as const
  ).map(([when, bytes]) => [when, toMb(bytes), toMb(bytes - rssBeforeBytes)])
  return toMarkdown(headings, rows)
}

export function printSweeps(sweeps: readonly Sweep[]): string {
  return sweeps
    .map(({ title, x, y, points }) => {
      const rows = points.map(point => [`${point.x}`, withSpread(point.y, 0)])
      return `${title}\n\n${toMarkdown([x, `${y} (min–max)`], rows)}`
    })
    .join('\n')
}
