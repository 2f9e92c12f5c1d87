import type { CallContext } from '../mfa/call-context.ts'
import type { MfaFactorType } from '../mfa/factor.ts'
import type { UpstreamResult } from '../mfa/failure.ts'
import type { PolicyApplication } from './application.ts'

/** A change of an application's factors. GenAuth keeps those that it does not name. */
export interface FactorSwitch {
  readonly enable: readonly MfaFactorType[]
  readonly disable: readonly MfaFactorType[]
}

/**
 * The calls about the user pool and its applications. Each costs one request. None of them throws: each returns a
 * failure instead.
 */
export interface PolicyUpstream {
  /** Returns the codes of all factors that are on for the pool, also those that this version does not know. */
  readPoolFactors(): Promise<UpstreamResult<readonly string[]>>
  /**
   * Switches factors on for the pool. It is not documented whether GenAuth keeps the other factors on, so the list must
   * be the whole one. A success means that GenAuth confirmed it, no more.
   */
  addPoolFactors(codes: readonly string[]): Promise<UpstreamResult<void>>
  /**
   * Switches factors off for the pool. A success means that GenAuth confirmed it, no more. An old GenAuth does not have
   * the call: see `isCallMissing`.
   */
  disablePoolFactors(types: readonly MfaFactorType[]): Promise<UpstreamResult<void>>
  /** Returns an application. If GenAuth does not know it, the failure is `USER_NOT_FOUND`. */
  readApplication(id: string): Promise<UpstreamResult<PolicyApplication>>
  /**
   * Switches factors of an application. One of the lists must name a factor. There is no call that reads them.
   *
   * @returns the codes of the factors that are on, as GenAuth replied to this write
   */
  switchApplicationFactors(id: string, change: FactorSwitch): Promise<UpstreamResult<readonly string[]>>
}

/** Returns the upstream for one piece of work. */
export type PolicyUpstreamFor = (context: CallContext) => PolicyUpstream
