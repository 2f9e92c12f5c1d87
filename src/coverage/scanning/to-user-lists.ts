import type { Population } from '../population.ts'
import type { ScanCalls } from './scan-calls.ts'
import type { UserList } from './user-list.ts'

/** Returns the lists that together hold a population: one of its users, or one for each of its groups. */
export function toUserLists(calls: ScanCalls, population: Population): readonly UserList[] {
  const { groups, departments, statuses, signedInTo, lastSignInAfterMs, lastSignInBeforeMs } = population
  if (groups.length > 0) return groups.map(code => toGroupList(calls, code))
  const filter = { departments, statuses, signedInTo, lastSignInAfterMs, lastSignInBeforeMs }
  return [
    {
      hasWindows: true,
      read: (page, signedUpFromMs) =>
        calls.make(upstream => upstream.listUsers({ ...filter, signedUpFromMs }, page)),
    },
  ]
}

/** Returns the list of the members of a group. */
export function toGroupList(calls: ScanCalls, code: string): UserList {
  return { hasWindows: false, read: page => calls.make(upstream => upstream.listGroupMembers(code, page)) }
}
