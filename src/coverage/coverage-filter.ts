import type { AccountStatus } from '../mfa/account.ts'
import type { MfaPosture } from '../mfa/bindings.ts'
import type { MfaFactorType } from '../mfa/factor.ts'

/**
 * Which rows to show. All conditions hold, and the values of a list are alternatives. `null` is no condition. A row that
 * does not hold what a condition asks about never fits it, neither way.
 */
export interface CoverageFilter {
  readonly postures: readonly MfaPosture[] | null
  /** `true`: GenAuth says of each factor that it is not bound. `false`: at least one is bound. */
  readonly withoutBoundFactor: boolean | null
  readonly boundFactor: MfaFactorType | null
  readonly notBoundFactor: MfaFactorType | null
  readonly neverVerified: boolean | null
  readonly lastMfaBeforeMs: number | null
  /** Inclusive. */
  readonly lastSignInAfterMs: number | null
  /** Exclusive. */
  readonly lastSignInBeforeMs: number | null
  readonly departmentIds: readonly string[] | null
  readonly statuses: readonly AccountStatus[] | null
}

export const EVERY_ROW: CoverageFilter = {
  postures: null,
  withoutBoundFactor: null,
  boundFactor: null,
  notBoundFactor: null,
  neverVerified: null,
  lastMfaBeforeMs: null,
  lastSignInAfterMs: null,
  lastSignInBeforeMs: null,
  departmentIds: null,
  statuses: null,
}

/** Returns `true` if a filter has no condition. */
export function isEveryRow(filter: CoverageFilter): boolean {
  return Object.values(filter).every(condition => condition === null)
}
