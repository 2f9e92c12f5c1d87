import type { IndexedJournals } from './index-journals.ts'

/** Describes in lines for people what came into the history. */
export function describeIndexing({ journals, endsWithoutBeginning }: IndexedJournals): string[] {
  const changes = journals.reduce((sum, journal) => sum + journal.changes, 0)
  return [
    ...journals.map(
      ({ name, changes: own, isWhole }) =>
        `${name}: ${own} changes${isWhole ? '' : ' before a part that is not in order: see audit-verify'}.`,
    ),
    `All ${changes} changes are in the history.`,
    ...(endsWithoutBeginning === 0
      ? []
      : [`${endsWithoutBeginning} ends have no beginning here: name the segments before these, too.`]),
  ]
}
