import type { Change } from './change.ts'

/**
 * Returns `true` if the records of a change allow to take it back: it was made, the state before is known, and it changed
 * factors alone. A change in doubt counts as made once a later look has found its state.
 */
export function isRevertible(change: Change): boolean {
  const { userId, outcome, followUp, factorsBefore, revisionBefore, changedFields } = change
  const wasMade = outcome === 'APPLIED' || (outcome === 'UNKNOWN' && followUp === 'INTENDED')
  const isBeforeKnown = userId !== null && factorsBefore !== null && revisionBefore !== null
  return wasMade && isBeforeKnown && changedFields.length === 0
}
