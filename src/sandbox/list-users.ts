import { containsText, toFieldText, toUserTest } from './list-filter.ts'
import type { ListUsersParameters } from './list-users-parameters.ts'
import type { SandboxUser } from './user.ts'
import type { Users } from './users.ts'

type Sort = ListUsersParameters['options']['sort']

/**
 * Returns the places of the users that match, sorted, before paging.
 *
 * Readings:
 *
 * - Every filter must pass, and keywords match a part of a field, in any case.
 * - A text that is not set comes last, upwards and downwards. Users with equal texts stay in the order of their places.
 */
export function listMatchingPlaces(users: Users, params: ListUsersParameters): Uint32Array {
  const keywords = params.keywords?.toLowerCase() ?? ''
  const { fuzzySearchOn, sort } = params.options
  const tests = params.advancedFilter.map(toUserTest)
  if (keywords !== '') {
    tests.push(user => fuzzySearchOn.some(field => containsText(toFieldText(user, field), keywords)))
  }
  const rows: { place: number; texts: (string | null)[] }[] = []
  users.forEach((user, place) => {
    if (tests.every(passes => passes(user))) rows.push({ place, texts: toSortedTexts(user, sort) })
  })
  if (sort.length > 0) rows.sort((left, right) => compareRows(left.texts, right.texts, sort))
  return Uint32Array.from(rows, ({ place }) => place)
}

function toSortedTexts(user: SandboxUser, sort: Sort): (string | null)[] {
  return sort.map(({ field }) => toFieldText(user, field))
}

function compareRows(
  left: readonly (string | null)[],
  right: readonly (string | null)[],
  sort: Sort,
): number {
  // A long list compares millions of times. An iterator would take half of the time.
  for (let index = 0; index < sort.length; index += 1) {
    const difference = compare(left[index] ?? null, right[index] ?? null, sort[index]?.order)
    if (difference !== 0) return difference
  }
  return 0
}

function compare(left: string | null, right: string | null, order = 'asc'): number {
  if (left === right) return 0
  if (left === null) return 1
  if (right === null) return -1
  return left < right === (order === 'asc') ? -1 : 1
}
