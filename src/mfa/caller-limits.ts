import type { MfaFailure } from './failure.ts'
import type { UserRef } from './user-ref.ts'

/**
 * How much one caller may still do. Each answer is null, or the refusal; what is refused is not counted.
 */
export interface CallerLimits {
  /** One user's MFA is about to be read. */
  countRead(): Promise<MfaFailure | null>
  /** One user is about to be set. */
  countWrite(): Promise<MfaFailure | null>
  /** One user is about to be weakened or redirected. */
  countWeakening(): Promise<MfaFailure | null>
  /** Whether a user may be looked up by this identifier: guesses that find nobody use that up. */
  mayLookUp(user: UserRef): Promise<MfaFailure | null>
  /** An identifier found nobody. */
  countMiss(user: UserRef): Promise<void>
}

/** For where nobody is limited. */
export const NO_LIMITS: CallerLimits = {
  countRead: async () => null,
  countWrite: async () => null,
  countWeakening: async () => null,
  mayLookUp: async () => null,
  countMiss: async () => {},
}
