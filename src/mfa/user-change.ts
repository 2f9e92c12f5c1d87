import type { MfaChangeEffect } from './change-effect.ts'
import type { FactorChangeInput } from './factor-change.ts'
import type { MfaFieldChange } from './merge.ts'
import type { MfaState } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/** What a caller wants of one user's MFA. Paths of faults are relative to this. */
export interface SetUserMfaStatus extends UserRef, FactorChangeInput {
  readonly triggerData: MfaFieldChange & { readonly mfaToken?: string | null | undefined }
  readonly expectedRevision: string | null
  readonly dryRun: boolean
  /** Whether the user may be left without a factor. */
  readonly allowNoFactor: boolean
  /** Kept in the journal, and nowhere else. */
  readonly reason: string | null
}

/** What a caller will look at, as far as it costs a read. */
export interface SetNeeds {
  /** The state before is wanted, to tell what changed. */
  readonly before: boolean
}

/** A user by GenAuth's own id, and by the identifier that was given. */
export interface ResolvedUser {
  readonly genauthId: string
  readonly given: UserRef
}

/** A change that did not fail. */
export interface MfaStatusSet {
  readonly user: UserRef
  /** `null`: not asked for, or it could not be read. */
  readonly before: MfaState | null
  readonly after: MfaState
  /** The effects that the guard rails judged the change to have. */
  readonly effects: readonly MfaChangeEffect[]
  /** The state after differs from the one before, or the one before is not known. */
  readonly isChange: boolean
  /** A write was sent. False for a dry run, and where there was nothing to change. */
  readonly applied: boolean
  /** `after` was read in GenAuth, not only confirmed by its "success". */
  readonly verified: boolean
  /** `false`: a write was made while other replicas may have held the lock of this user, too. */
  readonly isLockShared: boolean
}
