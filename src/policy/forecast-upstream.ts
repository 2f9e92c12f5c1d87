import type { CallContext } from '../mfa/call-context.ts'
import type { UpstreamResult } from '../mfa/failure.ts'
import type { MfaState } from '../mfa/mfa-state.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { PolicyApplication } from './application.ts'
import type { PolicyUpstream } from './policy-upstream.ts'

/** GenAuth's own limit for a page of any list. */
export const MAX_PAGE_ROWS = 50

/** One page of the applications of the user pool, in GenAuth's order. */
export interface ApplicationPage {
  readonly applications: readonly PolicyApplication[]
  /** The applications of all pages, as GenAuth counts them. */
  readonly totalCount: number
}

export interface ApplicationQuery {
  /** A part of a name or of an identifier. `null` finds all applications. */
  readonly search: string | null
  /** `true` asks for the settings of each application, too. The reply is then much larger. */
  readonly withRules: boolean
  /** Counts from 1. */
  readonly page: number
  /** 1 to `MAX_PAGE_ROWS`. */
  readonly limit: number
}

/** One page of the list of users that GenAuth treats better than others, in its order. */
export interface ExemptionPage {
  /** GenAuth's own ids of the users of the page who are not asked for a second factor. */
  readonly exemptUserIds: readonly string[]
  /** All entries of the page, readable or not. */
  readonly entries: number
  /** Tells the readable entries apart. */
  readonly entryIds: readonly string[]
  /** The entries of all pages, as GenAuth counts them. */
  readonly totalCount: number
}

/**
 * The calls that forecasts and lists of applications make to GenAuth. Each costs one request. None of them throws: each
 * returns a failure instead.
 */
export interface ForecastUpstream extends Pick<PolicyUpstream, 'readApplication'> {
  listApplications(query: ApplicationQuery): Promise<UpstreamResult<ApplicationPage>>
  /**
   * Returns what GenAuth's own pages would show a user at the sign-in to an application. An empty list of factors means
   * that they ask for none. GenAuth makes a token for each such call, which is dropped.
   */
  readTriggerData(applicationId: string, user: UserRef): Promise<UpstreamResult<MfaState>>
  /** Returns `true` if a function of the user pool runs before a second factor is verified. */
  hasPipelineFunction(): Promise<UpstreamResult<boolean>>
  /** @param page counts from 1 */
  listExemptions(page: number): Promise<UpstreamResult<ExemptionPage>>
}

/** Returns the upstream for one piece of work. */
export type ForecastUpstreamFor = (context: CallContext) => ForecastUpstream
