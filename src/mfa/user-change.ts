import type { MfaChangeEffect } from './change-effect.ts'
import type { FactorChangeInput } from './factor-change.ts'
import type { MfaFieldChange } from './merge.ts'
import type { MfaState } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/** The change that a caller wants of one user's MFA. Paths of faults are relative to this. */
export interface SetUserMfaStatus extends UserRef, FactorChangeInput {
  readonly triggerData: MfaFieldChange & { readonly mfaToken?: string | null | undefined }
  readonly expectedRevision: string | null
  readonly dryRun: boolean
  /** `true` if the user may be left without a factor. */
  readonly allowNoFactor: boolean
  /** Kept in the journal, and nowhere else. */
  readonly reason: string | null
}

/** The parts of a result that cost a read, each `true` if the caller selects it. */
export interface SelectedParts {
  /** The state before, which the differences are told from. */
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
  /** `null` if it was not wanted or could not be read. */
  readonly before: MfaState | null
  readonly after: MfaState
  /** The effects that the guard rails judged the change to have. */
  readonly effects: readonly MfaChangeEffect[]
  /** `true` if the state after differs from the one before, or if the one before is not known. */
  readonly isChange: boolean
  /** `true` if a write was sent. `false` for a dry run, and if there was nothing to change. */
  readonly applied: boolean
  /** `true` if `after` was read in GenAuth, and not only confirmed by its "success". */
  readonly verified: boolean
  /** `false` if a write was made while other replicas may have held the lock of this user, too. */
  readonly isLockShared: boolean
}
