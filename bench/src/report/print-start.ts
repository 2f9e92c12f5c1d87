import type { StartRow } from '../parts/start.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown, toMb, withSpread } from './markdown.ts'

const HEADINGS = [
  'start',
  'ms to a response (min–max)',
  'ms to the first answer (min–max)',
  'of it on the processor',
  'RSS MB idle',
]

export function printStart(rows: readonly StartRow[]): string {
  const cells = rows.map(({ subject, respondsAfterMs, firstAnswerMs, cpuMs, idleRssBytes }) => [
    SUBJECTS[subject].title,
    withSpread(respondsAfterMs, 0),
    withSpread(firstAnswerMs, 0),
    withSpread(cpuMs, 0),
    toMb(idleRssBytes.median),
  ])
  return toMarkdown(HEADINGS, cells)
}
