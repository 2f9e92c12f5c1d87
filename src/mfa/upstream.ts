import type { MfaBindings } from './bindings.ts'
import type { MfaFactorType } from './factor.ts'
import type { UpstreamResult } from './failure.ts'
import type { MfaState, StoredMfa } from './mfa-state.ts'
import type { UserIds, UserRef } from './user-ref.ts'

/**
 * What the product needs from the system that keeps the users. Every call costs one upstream request unless it
 * says otherwise, and never throws: what goes wrong is a failure.
 */
export interface MfaUpstream {
  readMfa(user: UserRef): Promise<UpstreamResult<StoredMfa>>
  /**
   * Replaces the whole state. A success means that GenAuth replied "success", no more.
   *
   * @param mayBeSent asked until the write is sent, the last time when it has its permit. If it says no, nothing is sent
   */
  writeMfa(
    user: UserRef,
    state: MfaState,
    mfaToken: string,
    mayBeSent: () => boolean,
  ): Promise<UpstreamResult<void>>
  readBindings(user: UserRef): Promise<UpstreamResult<MfaBindings>>
  /** The factors that the user pool allows; names that this version does not know are left out. */
  readGlobalFactors(): Promise<UpstreamResult<readonly MfaFactorType[]>>
  /**
   * What users are called, in the order asked. One request for each id type with one user, or for up to 50 users
   * of a type together; what such a batch cannot match to an identifier is asked for by itself.
   */
  findUsers(users: readonly UserRef[]): Promise<UpstreamResult<UserIds>[]>
}
