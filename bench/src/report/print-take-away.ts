import type { TakeAwayResult } from '../parts/take-away.ts'
import { toMarkdown, withSpread } from './markdown.ts'

const HEADINGS = [
  'part, in proxy units of CPU',
  'saved without it alone (min–max)',
  'saved in turn (min–max)',
  'left (min–max)',
]

export function printTakeAway({ whole, rows }: TakeAwayResult): string {
  const cells = rows.map(({ title, alone, inTurn, left }) => [
    title,
    withSpread(alone, 2),
    withSpread(inTurn, 2),
    withSpread(left, 2),
  ])
  return toMarkdown(HEADINGS, [['the whole server', '', '', withSpread(whole, 2)], ...cells])
}
