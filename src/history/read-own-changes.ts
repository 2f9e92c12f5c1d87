import { StoreUnavailableError } from '../base/store-unavailable-error.ts'
import type { ChangePlace } from './change-index.ts'
import type { Changes } from './changes.ts'
import type { HistoryEntry, HistoryPlace } from './history-entry.ts'
import { toPlace } from './history-entry.ts'
import type { HistoryPart } from './merge-history.ts'

/** The changes of this service, as far as they were read. */
export interface ReadOwnChanges extends HistoryPart {
  /** `false` if changes may be missing: there is no store, it cannot be used, or its index is behind the journal. */
  readonly isWhole: boolean
}

/** No id is less. */
const LEAST_ID = '00000000-0000-0000-0000-000000000000'
const NOTHING: ReadOwnChanges = { entries: [], readTo: null, isWhole: false }

/**
 * Reads the newest changes of a user behind a place.
 *
 * @param changes `null` if there is no store
 */
export async function readOwnChanges(
  changes: Pick<Changes, 'page'> | null,
  userId: string,
  first: number,
  behind: HistoryPlace | null,
): Promise<ReadOwnChanges> {
  if (changes === null) return NOTHING
  try {
    const page = await changes.page(userId, first, behind && toChangePlace(behind))
    const entries = page.changes.map((change): HistoryEntry => ({ source: 'THIS_SERVICE', change }))
    const last = entries.at(-1)
    const readTo = page.hasMore && last !== undefined ? toPlace(last) : null
    return { entries, readTo, isWhole: page.isWhole }
  } catch (error) {
    if (error instanceof StoreUnavailableError) return NOTHING
    throw error
  }
}

/** At one time, GenAuth's entries come after all changes. So behind one of them there is no change of that time. */
function toChangePlace({ atMs, source, id }: HistoryPlace): ChangePlace {
  return { atMs, id: source === 'THIS_SERVICE' ? id : LEAST_ID }
}
