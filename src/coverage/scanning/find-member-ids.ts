import type { ScanFailure } from '../scan.ts'
import { startOfList } from './list-place.ts'
import { readListPage } from './read-list-page.ts'
import type { ScanCalls } from './scan-calls.ts'
import { toGroupList } from './to-user-lists.ts'

export type FoundMemberIds =
  | { readonly kind: 'FOUND'; readonly userIds: Set<string> }
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  | { readonly kind: 'UNANSWERED' }

/** Returns the ids of everybody in one of the groups. */
export async function findMemberIds(
  calls: ScanCalls,
  groupCodes: readonly string[],
): Promise<FoundMemberIds> {
  const userIds = new Set<string>()
  const lists = groupCodes.map(code => toGroupList(calls, code))
  let place = lists.length === 0 ? null : startOfList(0)
  while (place !== null) {
    const step = await readListPage(lists, place)
    if (step.kind !== 'PAGE') return step
    if (step.isCutShort) return { kind: 'FAILED', failure: 'LIST_CUT_SHORT' }
    for (const { ids } of step.users) userIds.add(ids.USER_ID)
    place = step.next
  }
  return { kind: 'FOUND', userIds }
}
