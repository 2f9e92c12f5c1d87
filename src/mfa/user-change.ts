import type { MfaChangeEffect } from './change-effect.ts'
import type { MfaFactor, MfaFactorType } from './factor.ts'
import type { MfaFlagField, MfaState, MfaTextField } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/** One known factor as the caller wants it. If `sort` is left out, it is the place in the list. */
export interface FactorSetting {
  readonly type: MfaFactorType
  readonly enabled: boolean
  readonly sort?: number | null | undefined
}

/** The input of a caller: a whole list, a patch, or neither. `null` means the same as a field that is left out. */
export interface FactorChangeInput {
  readonly factors?: readonly FactorSetting[] | null | undefined
  readonly enable?: readonly MfaFactorType[] | null | undefined
  readonly disable?: readonly MfaFactorType[] | null | undefined
}

/** New values for the fields other than the factors. A field that is left out is kept, and `null` clears it. */
export type MfaFieldChange = { readonly [F in MfaTextField]?: string | null | undefined } & {
  readonly [F in MfaFlagField]?: boolean | null | undefined
}

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

/** A change that this server made, as the journal has it. It can be taken back while its state is in force. */
export interface MadeBefore {
  /** The id of its intent. */
  readonly changeId: string
  /** The factors that it found, in their order. */
  readonly factorsBefore: readonly MfaFactor[]
  /** The revision of the whole state that it found. */
  readonly revisionBefore: string
  /** The revision of the state that it made. */
  readonly revisionIntended: string
}

/** A change to take back. The reason must have no fault. */
export interface RevertUserMfa extends Pick<SetUserMfaStatus, 'dryRun' | 'allowNoFactor' | 'reason'> {
  readonly genauthId: string
  readonly made: MadeBefore
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

/** The facts that a change that did not fail has in common with its preview. */
interface ChangeFacts {
  readonly user: UserRef
  readonly after: MfaState
  /** The effects that the guard rails judged the change to have. */
  readonly effects: readonly MfaChangeEffect[]
  /** `true` if the state after differs from the one before, or if the one before is not known. */
  readonly isChange: boolean
}

/** A change that did not fail: the user is in the requested state. */
export interface MadeChange extends ChangeFacts {
  readonly kind: 'MADE'
  /** `null` if nothing needed it. */
  readonly before: MfaState | null
  /** `true` if a write was sent. `false` if there was nothing to change. */
  readonly applied: boolean
  /** The id of the change on record. `null` if no write was sent. */
  readonly changeId: string | null
  /** `true` if `after` was read in GenAuth, and not only confirmed by its "success". */
  readonly verified: boolean
  /** `false` if a write was made while other replicas may have held the lock of this user, too. */
  readonly isLockShared: boolean
}

/** A dry run that did not fail: the state that the user would be in. */
export interface PreviewedChange extends ChangeFacts {
  readonly kind: 'PREVIEWED'
  readonly before: MfaState
  /** The revision of the state before. */
  readonly expectedRevision: string
}

export type UserChange = MadeChange | PreviewedChange
