import { CASES } from '../cases.ts'
import type { TableRow } from '../parts/table.ts'
import { type Spread, toSpread } from '../statistics.ts'
import { SUBJECTS } from '../subjects.ts'
import { toMarkdown, toMb, withSpread } from './markdown.ts'

/** The table of one run on one Node. */
export interface RunOfTable {
  readonly node: string
  readonly rows: readonly TableRow[]
}

/** Prints all runs together, with a column for each Node. A cell has the median of its runs' medians. */
export function printNodes(runs: readonly RunOfTable[]): string {
  const all = runs.flatMap(({ rows }) => rows)
  const caseNames = [...new Set(all.map(({ caseName }) => caseName))]
  return caseNames
    .map(caseName => {
      const own = runs.map(({ node, rows }) => ({
        node,
        rows: rows.filter(row => row.caseName === caseName),
      }))
      const tables = [
        print(
          own,
          'CPU × proxy (min–max of runs)',
          ({ measured }) => measured?.cpuUs.ratio.median ?? null,
          withTwoDigits,
        ),
        print(
          own,
          "this server's CPU ÷ its",
          ({ serverRatio }) => serverRatio?.median ?? null,
          withTwoDigits,
        ),
        print(
          own,
          'RSS MB under load',
          ({ measured }) => measured?.rssBytes.median ?? null,
          ({ median }) => toMb(median),
        ),
      ]
      return `### ${CASES[caseName].title}, all runs\n\n${tables.join('\n')}`
    })
    .join('\n')
}

function withTwoDigits(spread: Spread): string {
  return withSpread(spread, 2)
}

/** @param toFigure returns `null` if there is none */
function print(
  runs: readonly RunOfTable[],
  heading: string,
  toFigure: (row: TableRow) => number | null,
  toCell: (spread: Spread) => string,
): string {
  const nodes = [...new Set(runs.map(({ node }) => node))]
  const subjects = [...new Set(runs.flatMap(({ rows }) => rows.map(({ subject }) => subject)))]
  const cells = subjects.map(subject => [
    SUBJECTS[subject].title,
    ...nodes.map(node => {
      const rows = runs.filter(run => run.node === node).flatMap(run => run.rows)
      const figures = rows
        .filter(row => row.subject === subject)
        .map(toFigure)
        .filter(figure => figure !== null)
      return figures.length === 0 ? '–' : toCell(toSpread(figures))
    }),
  ])
  return toMarkdown([heading, ...nodes.map(node => `Node ${node}`)], cells)
}
