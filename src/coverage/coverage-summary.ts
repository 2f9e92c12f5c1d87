import type { MfaPosture } from '../mfa/bindings.ts'
import type { MfaFactorType } from '../mfa/factor.ts'

/** How many departments a summary names. */
export const MAX_SUMMARY_DEPARTMENTS = 200

export interface FactorCount {
  /** Users of whom GenAuth says that it is bound. */
  readonly bound: number
  /** Users for whom it is switched on. */
  readonly enabled: number
}

export interface DepartmentCount {
  readonly departmentId: string
  readonly users: number
  readonly withoutBoundFactor: number
}

/**
 * The counts of a scan. What its depth does not ask for is zero: the depth says which counts mean something. A user of
 * several departments counts in each.
 */
export interface CoverageSummary {
  readonly users: number
  /** Users of whom GenAuth says of each factor that it is not bound. */
  readonly withoutBoundFactor: number
  readonly neverVerified: number
  readonly byPosture: Readonly<Record<MfaPosture, number>>
  readonly byFactor: Readonly<Record<MfaFactorType, FactorCount>>
  /** The largest come first. */
  readonly byDepartment: readonly DepartmentCount[]
  /** The factors that the pool demanded when the scan ended. `null` if it has not ended, or if they could not be read. */
  readonly poolFactors: readonly MfaFactorType[] | null
}
