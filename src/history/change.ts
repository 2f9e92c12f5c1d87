import type { MfaChangeEffect } from '../mfa/change-effect.ts'
import type { MfaFactor } from '../mfa/factor.ts'

/** The ways in which a write ended, by the journal. */
export const CHANGE_OUTCOMES = ['APPLIED', 'NOT_APPLIED', 'UNKNOWN'] as const

export type ChangeOutcome = (typeof CHANGE_OUTCOMES)[number]

/**
 * The state that the server found when it looked again after an outcome `UNKNOWN`. It does not say who made that state.
 *
 * - `BEFORE`: the state from before the write.
 * - `INTENDED`: the state that the write was to make, if that is not, or not known to be, the state before.
 * - `OTHER`: a third state.
 * - `UNREADABLE`: the user could not be read.
 * - `DROPPED`: there was no look, because too many writes waited for one.
 */
export const FOLLOW_UP_FINDINGS = ['INTENDED', 'BEFORE', 'OTHER', 'UNREADABLE', 'DROPPED'] as const

export type FollowUpFinding = (typeof FOLLOW_UP_FINDINGS)[number]

/** The caller who asked for a change, as the token named it. */
export interface ChangeActor {
  readonly issuer: string
  readonly subject: string
  readonly client: string | null
}

/** The words of the caller. `UNREADABLE` means that no given `AUDIT_KEY` opens them. */
export type ChangeReason =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'GIVEN'; readonly text: string }
  | { readonly kind: 'UNREADABLE' }

/** One write to the MFA of one user by this service, as the journal has it. It holds no contact and no name. */
export interface Change {
  /** The ID of the intent. */
  readonly id: string
  /** The user's ID at GenAuth. `null` if the journal holds it sealed, and no given `AUDIT_KEY` opens the seal. */
  readonly userId: string | null
  /** When the intent was recorded, in milliseconds since 1970. */
  readonly atMs: number
  readonly actor: ChangeActor
  readonly requestId: string
  /** `null` while the journal has no outcome. The write is under way, or the process that made it is gone. */
  readonly outcome: ChangeOutcome | null
  /** The finding of a later look after the outcome `UNKNOWN`. `null` if there was none. */
  readonly followUp: FollowUpFinding | null
  /** `null` if they were not known. */
  readonly factorsBefore: readonly MfaFactor[] | null
  readonly factorsAfter: readonly MfaFactor[]
  /** The names of the other fields that changed. If the state before was unknown, all fields that had a value. */
  readonly changedFields: readonly string[]
  /** `null` if version 0.1 recorded it. */
  readonly effects: readonly MfaChangeEffect[] | null
  /** `null` if it was not known. */
  readonly revisionBefore: string | null
  readonly revisionIntended: string
  readonly reason: ChangeReason
  /** The ID of the change that this one takes back. `null` if it takes back none. */
  readonly revertOf: string | null
}
