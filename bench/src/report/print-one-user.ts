import type { OneUserRow } from '../parts/one-user.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown, withSpread } from './markdown.ts'

const HEADINGS = [
  'changes of one user',
  'under way',
  'per second (min–max)',
  'CPU µs (min–max)',
  'p50 ms',
  'p99 ms',
]

export function printOneUser(rows: readonly OneUserRow[]): string {
  const cells = rows.map(({ subject, connections, operationsPerS, cpuUs, p50Ms, p99Ms }) => [
    SUBJECTS[subject].title,
    `${connections}`,
    withSpread(operationsPerS, 0),
    withSpread(cpuUs, 0),
    p50Ms.median.toFixed(2),
    p99Ms.median.toFixed(2),
  ])
  return toMarkdown(HEADINGS, cells)
}
