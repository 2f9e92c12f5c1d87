import type { CheckedRemoval } from '../parts/removals.ts'
import type { TakeAwayResult, TakeAwayRow } from '../parts/take-away.ts'
import { toMarkdown, withSpread } from './markdown.ts'

const HEADINGS = [
  'part, in proxy units of CPU',
  'saved without it alone (min–max)',
  'saved in turn (min–max)',
  'left (min–max)',
]

export function printTakeAway({ whole, rows }: TakeAwayResult): string {
  return toMarkdown(HEADINGS, [['the whole server', '', '', withSpread(whole, 2)], ...rows.map(toCells)])
}

export function printRemovals(checked: readonly CheckedRemoval[]): string {
  const cells = checked.map(({ title, alone, inTurn }) => [title, toVerdict(alone), toVerdict(inTurn)])
  return toMarkdown(['part', 'without it alone', 'without it and all above'], cells)
}

function toCells(row: TakeAwayRow): readonly string[] {
  switch (row.kind) {
    case 'MEASURED':
      return [row.title, withSpread(row.alone, 2), withSpread(row.inTurn, 2), withSpread(row.left, 2)]
    case 'NOT_MEASURED':
      return [row.title, `not measured: ${toCell(row.fault)}`, '', '']
  }
}

function toVerdict(fault: string | null): string {
  return fault === null ? 'answers' : toCell(fault)
}

/** A message may hold several lines, and a line ends the row. */
function toCell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|')
}
