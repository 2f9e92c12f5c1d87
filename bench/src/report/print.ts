import type { DocumentsResult } from '../parts/documents.ts'
import type { LatencyRow } from '../parts/latency.ts'
import type { ProfileResult, Share } from '../parts/profile.ts'
import type { StartRow } from '../parts/start.ts'
import type { Sweep } from '../parts/sweeps.ts'
import type { Spread } from '../statistics.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown } from './markdown.ts'

const BYTES_PER_MB = 1024 * 1024
/** Smaller shares are left out of a profile. */
const LEAST_SHARE = 0.005

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

export function printStart(rows: readonly StartRow[]): string {
  const headings = ['start', 'ms to the first answer (min–max)', 'of it on the processor', 'RSS MB idle']
  const cells = rows.map(({ subject, firstAnswerMs, cpuMs, idleRssBytes }) => [
    SUBJECTS[subject].title,
    withSpread(firstAnswerMs, 0),
    withSpread(cpuMs, 0),
    toMb(idleRssBytes.median),
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

export function printProfile({ byPackage, byFunction }: ProfileResult): string {
  const toRows = (shares: readonly Share[]) =>
    shares
      .filter(({ share }) => share >= LEAST_SHARE)
      .map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`])
  return [
    toMarkdown(['main thread, by package', 'time'], toRows(byPackage)),
    toMarkdown(['by function', 'time in itself'], toRows(byFunction)),
  ].join('\n')
}

function withSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

function toMb(bytes: number): string {
  return (bytes / BYTES_PER_MB).toFixed(0)
}
