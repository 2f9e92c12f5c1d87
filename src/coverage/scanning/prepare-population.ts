import { foldGenAuthId } from '../../mfa/user-ref.ts'
import type { Population } from '../population.ts'
import type { ScanFailure } from '../scan.ts'
import type { ListedUser } from '../scan-upstream.ts'
import { findDepartmentIds } from './find-department-ids.ts'
import { findMemberIds } from './find-member-ids.ts'
import type { ScanCalls } from './scan-calls.ts'
import { toUserLists } from './to-user-lists.ts'
import type { UserList } from './user-list.ts'

/** A population as GenAuth has it now, or why that cannot be said. */
export type PreparedPopulation =
  | {
      readonly kind: 'READY'
      /** They hold each user of the population, and maybe others. */
      readonly lists: readonly UserList[]
      /** Judges a listed user again, because GenAuth may ignore a condition. What GenAuth does not say rules out nobody. */
      readonly fits: (user: ListedUser) => boolean
    }
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  | { readonly kind: 'UNANSWERED' }

/** Asks GenAuth for the departments of a population and for the members of the groups that it leaves out. */
export async function preparePopulation(
  calls: ScanCalls,
  population: Population,
): Promise<PreparedPopulation> {
  const departments = await findDepartmentIds(calls, population.departments)
  if (departments.kind !== 'FOUND') return departments
  const excepted = await findMemberIds(calls, population.exceptGroups)
  if (excepted.kind !== 'FOUND') return excepted
  for (const userId of population.exceptUserIds) excepted.userIds.add(foldGenAuthId(userId))
  const { departmentIds } = departments
  return {
    kind: 'READY',
    lists: toUserLists(calls, population),
    fits: user =>
      !excepted.userIds.has(user.ids.USER_ID) &&
      hasStatus(population, user) &&
      signedInThen(population, user) &&
      (departmentIds === null || (user.departmentIds?.some(id => departmentIds.has(id)) ?? true)),
  }
}

function hasStatus({ statuses }: Population, { account: { status } }: ListedUser): boolean {
  return statuses.length === 0 || status === null || statuses.includes(status)
}

/** A user of whom GenAuth knows no sign-in has none. */
function signedInThen(
  { lastSignInAfterMs, lastSignInBeforeMs }: Population,
  { account: { lastSignInAt } }: ListedUser,
): boolean {
  if (lastSignInAfterMs === null && lastSignInBeforeMs === null) return true
  if (lastSignInAt === null) return false
  const atMs = lastSignInAt.getTime()
  return atMs >= (lastSignInAfterMs ?? 0) && (lastSignInBeforeMs === null || atMs < lastSignInBeforeMs)
}
