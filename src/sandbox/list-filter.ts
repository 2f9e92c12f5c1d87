import { toMemberTest } from './department-members.ts'
import type { ListedField, ListFilter, TextFilter, TimeFilter } from './list-users-parameters.ts'
import { toParameterFailure } from './parameters.ts'
import type { SandboxUser } from './user.ts'

/** The statuses that can be filtered by. For others there is no filter, but users who have them are in the lists. */
const FILTERED_STATUSES: ReadonlySet<string> = new Set(['Activated', 'Suspended'])

type UserTest = (user: SandboxUser) => boolean

/**
 * Returns the test of a filter. Throws a 400 that names `status` for a status that cannot be filtered by.
 *
 * Reading: lists show users of every status, and `NOT_EQUAL` leaves the others in. The documents name two statuses to
 * filter by, and do not say whether the users of the other three are shown.
 */
export function toUserTest(filter: ListFilter): UserTest {
  switch (filter.field) {
    case 'status': {
      const statuses = [filter.value].flat()
      if (!statuses.every(status => FILTERED_STATUSES.has(status))) throw toParameterFailure('status')
      const isIn = filter.operator !== 'NOT_EQUAL'
      return user => statuses.includes(user.status) === isIn
    }
    case 'loggedInApps':
      return user => user.loggedInApps.some(appId => filter.value.includes(appId))
    case 'department':
      return toMemberTest(filter.value)
    case 'lastLogin':
      return toTimeTest(filter.operator, filter.value, user => user.lastLogin)
    case 'signedUp':
      return toTimeTest(filter.operator, filter.value, user => user.createdAt)
    default:
      return toTextTest(filter)
  }
}

/** Reading: a time that never was passes no filter but `IS_NULL`. */
function toTimeTest(
  operator: TimeFilter['operator'],
  value: TimeFilter['value'],
  getTime: (user: SandboxUser) => string | null,
): UserTest {
  if (operator === 'IS_NULL') return user => getTime(user) === null
  if (operator === 'NOT_NULL') return user => getTime(user) !== null
  const [firstMs = 0, lastMs = firstMs] = [value ?? 0].flat()
  const fromMs = operator === 'LESSER' ? Number.NEGATIVE_INFINITY : firstMs
  const toMs = operator === 'GREATER' ? Number.POSITIVE_INFINITY : lastMs
  return user => {
    const atMs = Date.parse(getTime(user) ?? '')
    return atMs >= fromMs && atMs <= toMs
  }
}

function toTextTest({ field, operator, value }: TextFilter): UserTest {
  const wanted = [value ?? []].flat()
  const parts = wanted.map(part => part.toLowerCase())
  const hasPart = (user: SandboxUser) => parts.some(part => containsText(toFieldText(user, field), part))
  switch (operator) {
    case 'EQUAL':
      return user => toFieldText(user, field) === value
    case 'NOT_EQUAL':
      return user => toFieldText(user, field) !== value
    case 'CONTAINS':
      return hasPart
    case 'NOT_CONTAINS':
      return user => !hasPart(user)
    case 'IS_NULL':
      return user => toFieldText(user, field) === null
    case 'NOT_NULL':
      return user => toFieldText(user, field) !== null
    case 'IN':
      return user => wanted.includes(toFieldText(user, field) ?? '')
  }
}

/** Returns a text of a user, or `null` if it is not set. */
export function toFieldText(user: SandboxUser, field: ListedField): string | null {
  return field === 'id' ? user.userId : user[field]
}

/** Tells whether a text has a part, in any case. */
export function containsText(text: string | null, lowerCasePart: string): boolean {
  return text?.toLowerCase().includes(lowerCasePart) ?? false
}
