import type { AccountStatus } from '../mfa/account.ts'

export interface PopulationDepartment {
  readonly organizationCode: string
  /** `root` for the whole organization. */
  readonly departmentId: string
  readonly includesChildren: boolean
}

/**
 * The users that a scan reads. All conditions hold, and the values of one condition are alternatives. An empty list is
 * no condition. It holds no contact and no name, because a store keeps it.
 */
export interface Population {
  readonly departments: readonly PopulationDepartment[]
  /** Codes of groups. */
  readonly groups: readonly string[]
  readonly statuses: readonly AccountStatus[]
  /** Ids of applications. */
  readonly signedInTo: readonly string[]
  /** Milliseconds since 1970. `null` is no condition. */
  readonly lastSignInAfterMs: number | null
  readonly lastSignInBeforeMs: number | null
  /** GenAuth's own ids. */
  readonly exceptUserIds: readonly string[]
  /** Codes of groups. */
  readonly exceptGroups: readonly string[]
}
