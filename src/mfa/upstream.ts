import type { MfaBindings } from './bindings.ts'
import type { MfaFactorType } from './factor.ts'
import type { UpstreamResult } from './failure.ts'
import type { MfaState, StoredMfa } from './mfa-state.ts'
import type { FoundUser, UserRef } from './user-ref.ts'

/**
 * The calls that the product makes to the system that keeps the users. Each costs one upstream request unless it says
 * otherwise. None of them throws: each returns a failure instead.
 */
export interface MfaUpstream {
  readMfa(user: UserRef): Promise<UpstreamResult<StoredMfa>>
  /** Replaces the whole state. A success means that GenAuth replied "success", no more. */
  writeMfa(user: UserRef, state: MfaState, mfaToken: string): Promise<UpstreamResult<void>>
  readBindings(user: UserRef): Promise<UpstreamResult<MfaBindings>>
  /** Returns the factors that the user pool allows, without those that this version does not know. */
  readGlobalFactors(): Promise<UpstreamResult<readonly MfaFactorType[]>>
  /**
   * Returns who the users are, in the order asked. It costs one request for each id type, for one user or for up to 50
   * together. An identifier that such a batch cannot match costs one more request of its own.
   */
  findUsers(users: readonly UserRef[]): Promise<UpstreamResult<FoundUser>[]>
}
