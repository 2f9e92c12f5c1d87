import type { MfaFactorType } from '../mfa/factor.ts'
import type { PolicyApplication } from './application.ts'

/** The course that the second step of a sign-in to an application will take for a person. */
export type ForecastVerdict = 'NOT_ASKED' | 'CAN_PASS' | 'MUST_ENROLL' | 'CANNOT_PASS' | 'UNKNOWN'

export type ForecastReasonCode =
  | 'EXEMPT'
  | 'APPLICATION_FOLLOWS_POOL'
  | 'NO_FACTOR_DEMANDED'
  | 'ONLY_UNKNOWN_FACTORS'
  | 'FACTOR_BOUND'
  | 'FACTOR_NOT_BOUND'
  | 'BINDING_UNKNOWN'
  | 'NO_CONTACT'
  | 'FACTOR_OFF_BUT_OFFERED'

/** A part of GenAuth that also decides at a sign-in, and cannot be seen through its management API. */
export type ForecastUnknown =
  | 'IDENTITY_SOURCE_POLICY'
  | 'ADAPTIVE_POLICY'
  | 'IP_LIST'
  | 'PIPELINE_FUNCTION'
  | 'EXEMPTION_LIST'
  | 'MAY_ENROLL'

/** A factor that GenAuth's pages would offer. */
export interface ForecastFactor {
  /** The name in GenAuth's spelling. */
  readonly code: string
  /** `null` if this version does not know the code. */
  readonly type: MfaFactorType | null
  /** GenAuth's pages offer a factor that is off, too. */
  readonly switchedOn: boolean
  readonly sort: number
  /** `true` if the user can pass it. `null` if that cannot be told. */
  readonly bound: boolean | null
}

export interface ForecastReason {
  readonly code: ForecastReasonCode
  /** The code of the factor that it concerns. `null` if it concerns the whole sign-in. */
  readonly factor: string | null
}

/** A forecast of one sign-in. It is no promise: `unknowns` is never empty. */
export interface SignInForecast {
  readonly application: PolicyApplication
  readonly verdict: ForecastVerdict
  /** In the order in which GenAuth's pages offer them. */
  readonly factors: readonly ForecastFactor[]
  readonly reasons: readonly ForecastReason[]
  readonly unknowns: readonly ForecastUnknown[]
}
