import type { GuardRail } from './guard-rail.ts'
import type { UnsharedLockOutcome } from './user-lock.ts'

export interface MfaEvents {
  /** A guard rail refused a change. */
  guardRailRefused: { readonly guardRail: GuardRail }
  /** Replicas did not share the lock of a change. */
  unsharedLock: { readonly outcome: UnsharedLockOutcome }
}
