import type { z } from 'zod'
import type { ListedField, listUsersParameters } from './parameters.ts'
import type { SandboxUser } from './user.ts'
import type { Users } from './users.ts'

type ListUsersParameters = z.output<typeof listUsersParameters>
type Filter = ListUsersParameters['advancedFilter'][number]

/** Returns the users that match, sorted, before paging. Reading: keywords match a part of a field, in any case. */
export function listMatchingUsers(users: Users, params: ListUsersParameters): SandboxUser[] {
  const keywords = params.keywords?.toLowerCase() ?? ''
  const { fuzzySearchOn, sort } = params.options
  return Array.from({ length: users.count }, (_, index) => users.at(index + 1))
    .filter(
      user => keywords === '' || fuzzySearchOn.some(field => contains(toFieldText(user, field), keywords)),
    )
    .filter(user => params.advancedFilter.every(filter => passes(user, filter)))
    .sort((left, right) => {
      for (const { field, order } of sort) {
        const difference = compare(toFieldText(left, field) ?? '', toFieldText(right, field) ?? '')
        if (difference !== 0) {
          return order === 'asc' ? difference : -difference
        }
      }
      return 0
    })
}

function passes(user: SandboxUser, { field, operator, value }: Filter): boolean {
  const actual = toFieldText(user, field)
  const wanted = [value ?? []].flat()
  switch (operator) {
    case 'EQUAL':
      return actual === value
    case 'NOT_EQUAL':
      return actual !== value
    case 'CONTAINS':
      return wanted.some(part => contains(actual, part.toLowerCase()))
    case 'NOT_CONTAINS':
      return !wanted.some(part => contains(actual, part.toLowerCase()))
    case 'IS_NULL':
      return actual === null
    case 'NOT_NULL':
      return actual !== null
    case 'IN':
      return actual !== null && wanted.includes(actual)
  }
}

function toFieldText(user: SandboxUser, field: ListedField): string | null {
  return field === 'id' ? user.userId : user[field]
}

function contains(text: string | null, lowerCasePart: string): boolean {
  return text?.toLowerCase().includes(lowerCasePart) ?? false
}

function compare(left: string, right: string): number {
  if (left === right) {
    return 0
  }
  return left < right ? -1 : 1
}
