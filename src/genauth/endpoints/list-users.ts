import type { PopulationDepartment } from '../../coverage/population.ts'
import { MAX_PAGE_USERS, type UserListFilter, type UserPage } from '../../coverage/scan-upstream.ts'
import type { AccountStatus } from '../../mfa/account.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { userPageData } from './user-page.ts'

/** The statuses that GenAuth filters by, in its words. */
const FILTERED_STATUSES: Readonly<Partial<Record<AccountStatus, string>>> = {
  ACTIVATED: 'Activated',
  SUSPENDED: 'Suspended',
}
/** The first moment of 2100. GenAuth's samples filter times by both ends alone. */
const LATEST_MS = 4_102_444_800_000
/** GenAuth would also search a national identity number, which nobody is found by here. */
const SEARCHED_FIELDS = ['phone', 'email', 'name', 'username', 'nickname']

/** Returns one page of all users in the order of their creation, by `POST list-users`. */
export function listUsers(
  makeCall: MakeCall,
  filter: UserListFilter,
  page: number,
): Promise<UpstreamResult<UserPage>> {
  return callListUsers(makeCall, {
    advancedFilter: toAdvancedFilter(filter),
    options: {
      pagination: { page, limit: MAX_PAGE_USERS },
      sort: [{ field: 'createdAt', order: 'asc' }],
      withDepartmentIds: true,
    },
  })
}

/** Returns the first users that a text finds, by `POST list-users`. */
export function searchUsers(
  makeCall: MakeCall,
  search: string,
  first: number,
): Promise<UpstreamResult<UserPage>> {
  return callListUsers(makeCall, {
    keywords: search,
    options: { pagination: { page: 1, limit: first }, fuzzySearchOn: SEARCHED_FIELDS },
  })
}

function callListUsers(
  makeCall: MakeCall,
  params: Readonly<Record<string, unknown>>,
): Promise<UpstreamResult<UserPage>> {
  return makeCall({
    kind: 'READ',
    method: 'POST',
    endpoint: 'list-users',
    params,
    subject: '',
    data: userPageData,
  })
}

interface AdvancedFilter {
  readonly field: string
  readonly operator: 'EQUAL' | 'IN' | 'BETWEEN'
  readonly value: unknown
}

/** Several statuses are left to the caller, because no document shows a filter by more than one. */
function toAdvancedFilter(filter: UserListFilter): AdvancedFilter[] {
  const { departments, statuses, signedInTo, lastSignInAfterMs, lastSignInBeforeMs, signedUpFromMs } = filter
  const conditions: AdvancedFilter[] = []
  const [status] = statuses
  const wireStatus = status && statuses.length === 1 ? FILTERED_STATUSES[status] : undefined
  if (wireStatus !== undefined) conditions.push({ field: 'status', operator: 'EQUAL', value: wireStatus })
  if (departments.length > 0) {
    conditions.push({ field: 'department', operator: 'IN', value: departments.map(toWireDepartment) })
  }
  if (signedInTo.length > 0) conditions.push({ field: 'loggedInApps', operator: 'IN', value: signedInTo })
  if (lastSignInAfterMs !== null || lastSignInBeforeMs !== null) {
    const fromMs = lastSignInAfterMs ?? 0
    conditions.push(between('lastLogin', fromMs, lastSignInBeforeMs ?? Math.max(fromMs, LATEST_MS)))
  }
  if (signedUpFromMs !== null) conditions.push(between('signedUp', signedUpFromMs, LATEST_MS))
  return conditions
}

function between(field: string, fromMs: number, toMs: number): AdvancedFilter {
  return { field, operator: 'BETWEEN', value: [fromMs, toMs] }
}

function toWireDepartment({ organizationCode, departmentId, includesChildren }: PopulationDepartment) {
  return {
    organizationCode,
    departmentId,
    departmentIdType: 'department_id',
    includeChildrenDepartments: includesChildren,
  }
}
