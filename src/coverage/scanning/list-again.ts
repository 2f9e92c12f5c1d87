import { DistinctTexts } from './distinct-texts.ts'
import { startOfList } from './list-place.ts'
import { MemberDigest } from './member-digest.ts'
import type { PreparedPopulation } from './prepare-population.ts'
import { readAhead } from './read-ahead.ts'
import { readListPage } from './read-list-page.ts'
import type { ScanPosition } from './scan-position.ts'

/** Whether the lists hold the same users as before. `CUT_SHORT`: windows leave out users whom GenAuth counts. */
export type ListedAgain = 'SAME' | 'MOVED' | 'CUT_SHORT' | 'UNANSWERED'

const PAGES_AHEAD = 7

type ReadyPopulation = Extract<PreparedPopulation, { kind: 'READY' }>

/**
 * Lists all users again and reads none of them.
 *
 * A count alone proves nothing: one user may have left and another come, and somebody who leaves lets others move up to
 * pages that were read before. The same ids, each once, as many as GenAuth counts, prove that nobody was missed.
 */
export async function listAgain(
  { lists: plainLists, fits }: ReadyPopulation,
  before: ScanPosition,
): Promise<ListedAgain> {
  const lists = plainLists.map(list => readAhead(list, PAGES_AHEAD))
  const result = await compareLists({ lists, fits }, before)
  // The scan ends now, and its count of calls must hold those of the pages that were read ahead.
  if (result !== 'UNANSWERED') await Promise.all(lists.map(list => list.settle()))
  return result
}

async function compareLists(
  { lists, fits }: Pick<ReadyPopulation, 'lists' | 'fits'>,
  before: ScanPosition,
): Promise<ListedAgain> {
  const digest = new MemberDigest()
  let listed = 0
  let counted = 0
  let hasWindows = false
  let listedOnce = new DistinctTexts()
  for (let place = lists.length === 0 ? null : startOfList(0); place !== null; ) {
    const step = await readListPage(lists, place)
    if (step.kind === 'UNANSWERED') return 'UNANSWERED'
    if (step.kind === 'FAILED' || step.isCutShort || step.hasMoved || step.unreadable > 0) return 'MOVED'
    if (place.page === 1 && place.fromMs === null) {
      counted += step.totalCount
      listedOnce = new DistinctTexts()
    }
    for (const user of step.users) {
      digest.add(user.ids.USER_ID, fits(user))
      listedOnce.add(user.ids.USER_ID)
    }
    listed += step.users.length
    hasWindows ||= step.isOfWindow
    const isEndOfList = step.next?.list !== place.list
    if (isEndOfList && !listedOnce.areAll()) return 'MOVED'
    place = step.next
  }
  if (hasWindows) {
    // A window does not count those who came before it.
    const first = await lists[0]?.read(1, null)
    if (first?.kind === 'UNANSWERED') return 'UNANSWERED'
    if (first?.kind !== 'ANSWERED' || first.value.totalCount !== counted) return 'MOVED'
    if (listed < counted) return 'CUT_SHORT'
  }
  const isSame = digest.toString() === before.digest && listed === before.listed && listed === counted
  return isSame ? 'SAME' : 'MOVED'
}
