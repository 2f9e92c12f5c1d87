import type { ChangeIndex } from '../../history/change-index.ts'
import type { RunOnStore } from '../run-on-store.ts'
import { addChanges } from './add-changes.ts'
import { findChange, readChanges } from './read-changes.ts'

/** More would block the event loop for longer. */
const REMOVED_TOGETHER = 200

/** Keeps the changes in the tables of an open store. */
export function createChangeIndex(runOn: RunOnStore): ChangeIndex {
  return {
    add: batch => runOn(tables => tables.transaction().execute(work => addChanges(work, batch)), 'CHANGE'),
    find: id => runOn(tables => findChange(tables, id), 'READ'),
    page: (user, first, before) => runOn(tables => readChanges(tables, user, first, before), 'READ'),
    marks: () => runOn(tables => tables.selectFrom('mfa_change_chains').selectAll().execute(), 'READ'),
    // There may be nothing to remove, so it does not show that the store takes changes.
    removeSomeBefore: atMs =>
      runOn(async tables => {
        const oldest = tables
          .selectFrom('mfa_changes')
          .select('id')
          .where('begun_at', '<', atMs)
          .orderBy('begun_at')
          .limit(REMOVED_TOGETHER)
        const removed = await tables.deleteFrom('mfa_changes').where('id', 'in', oldest).executeTakeFirst()
        return Number(removed.numDeletedRows)
      }, 'READ'),
  }
}
