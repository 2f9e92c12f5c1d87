import type { AccountStatus } from '../mfa/account.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { Population, PopulationDepartment } from './population.ts'
import type { ScanRequest } from './scan.ts'

/**
 * A population as a caller names it. A list that is `null` is no condition. An empty one is a fault, because it could
 * mean everybody or nobody.
 */
export interface WantedPopulation extends Pick<Population, 'lastSignInAfterMs' | 'lastSignInBeforeMs'> {
  readonly departments: readonly PopulationDepartment[] | null
  /** Codes of groups. */
  readonly groups: readonly string[] | null
  /** `null` stands for `ACTIVATED` alone. */
  readonly statuses: readonly AccountStatus[] | null
  /** Ids of applications. */
  readonly signedInTo: readonly string[] | null
  readonly exceptUsers: readonly UserRef[] | null
  /** Codes of groups. */
  readonly exceptGroups: readonly string[] | null
}

/** A scan as a caller asks for it. */
export interface WantedScan extends Omit<ScanRequest, 'population'> {
  readonly population: WantedPopulation
}
