import type { AccountStatus } from '../mfa/account.ts'
import type { CallContext } from '../mfa/call-context.ts'
import type { UpstreamResult } from '../mfa/failure.ts'
import type { MfaUpstream } from '../mfa/upstream.ts'
import type { FoundUser } from '../mfa/user-ref.ts'
import type { PopulationDepartment } from './population.ts'

/** GenAuth's own limit for a page of users. */
export const MAX_PAGE_USERS = 50

/** A user as a list shows it. */
export interface ListedUser extends Pick<FoundUser, 'ids' | 'account'> {
  /** `null` if the list does not say. */
  readonly departmentIds: readonly string[] | null
  /** Milliseconds since 1970. `null` if the list does not say. */
  readonly createdAtMs: number | null
}

/** One page of a list, in GenAuth's order. */
export interface UserPage {
  readonly users: readonly ListedUser[]
  /** Users of the page whose record could not be read. */
  readonly unreadable: number
  /** The users of all pages, as GenAuth counts them. */
  readonly totalCount: number
}

/** The users to list. All conditions hold, and the values of one condition are alternatives. An empty list is none. */
export interface UserListFilter {
  readonly departments: readonly PopulationDepartment[]
  readonly statuses: readonly AccountStatus[]
  /** Ids of applications. */
  readonly signedInTo: readonly string[]
  /** Milliseconds since 1970. `null` is no condition. */
  readonly lastSignInAfterMs: number | null
  readonly lastSignInBeforeMs: number | null
  /** The earliest time of sign-up, which belongs to it. Milliseconds since 1970. `null` is no condition. */
  readonly signedUpFromMs: number | null
}

export interface Department {
  readonly departmentId: string
  /** `null` if GenAuth does not say. */
  readonly parentDepartmentId: string | null
}

export interface Application {
  readonly id: string
  readonly name: string | null
}

/**
 * The calls that scans and searches make to GenAuth. Each costs one request. None of them throws: each returns a failure
 * instead. If GenAuth does not know the group, the department, its organization or the application, the failure is
 * `USER_NOT_FOUND`.
 */
export interface ScanUpstream extends Pick<MfaUpstream, 'readMfa' | 'readBindings' | 'readGlobalFactors'> {
  /**
   * Returns one page of all users, those who were created first coming first. GenAuth may ignore a condition, and it can
   * filter by one status alone, so the caller judges each user again.
   *
   * @param page counts from 1
   */
  listUsers(filter: UserListFilter, page: number): Promise<UpstreamResult<UserPage>>
  /** @param page counts from 1 */
  listGroupMembers(code: string, page: number): Promise<UpstreamResult<UserPage>>
  /**
   * Returns the departments below one, at any depth. That one itself may be missing.
   *
   * @param departmentId `root` for the top of the organization
   */
  listDepartments(
    organizationCode: string,
    departmentId: string,
  ): Promise<UpstreamResult<readonly Department[]>>
  findApplication(id: string): Promise<UpstreamResult<Application>>
  /**
   * Returns the first users whose phone, email, name, user name or nickname holds a text.
   *
   * @param first 1 to 50
   */
  searchUsers(search: string, first: number): Promise<UpstreamResult<UserPage>>
}

/** Returns the upstream for one piece of work. */
export type ScanUpstreamFor = (context: CallContext) => ScanUpstream
