import type { Deadline } from '../base/deadline.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { MfaChangeEffect } from './change-effect.ts'
import type { MfaFactor } from './factor.ts'
import type { MfaFailureKind } from './failure.ts'
import type { MfaWriteOutcome } from './failure-details.ts'
import type { GuardRail } from './guard-rail.ts'
import type { MfaField, MfaTextField } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/** The caller who asked for a change, and the request. */
export interface ChangeRequest {
  readonly requestId: string
  /** `null` if the request is part of no trace. */
  readonly trace: TraceContext | null
  readonly caller: { readonly issuer: string; readonly subject: string; readonly client: string | null }
}

/** A write that is about to be sent. */
export interface WriteIntent {
  readonly request: ChangeRequest
  /** How the caller named the user. */
  readonly given: UserRef
  readonly genauthId: string
  /** `null` if it is not known. */
  readonly factorsBefore: readonly MfaFactor[] | null
  readonly factorsAfter: readonly MfaFactor[]
  /**
   * The names of the other fields that change. If the state before is unknown, these are all fields that have a
   * value.
   */
  readonly changedFields: readonly MfaField[]
  /** `null` if it is not known. */
  readonly revisionBefore: string | null
  readonly revisionIntended: string
  readonly reason: string | null
  /** The id of the change that this write takes back. `null` if it takes none back. */
  readonly revertOf: string | null
  /** The effects that the guard rails judged the change to have. */
  readonly effects: readonly MfaChangeEffect[]
  readonly railsPassed: readonly string[]
}

/** The end of a write that was on record. */
export interface WriteConclusion {
  readonly outcome: 'APPLIED' | MfaWriteOutcome
  /** `null` for a success. */
  readonly failure: MfaFailureKind | null
  readonly upstreamRequestId: string | null
}

/**
 * Records the outcome of an intent, and resolves when the record is durable. It never rejects, because the result of
 * the write must be returned in any case.
 *
 * @param deadline the time at which the result is returned, on record or not. While a record is overdue, no other
 * write begins
 */
export type Conclude = (conclusion: WriteConclusion, deadline?: Deadline) => Promise<void>

/**
 * The result of a guess, as far as it tells something of the state. `SAME` means that the state is as asked, and
 * `DIFFERENT` that it is not. Every other value is the reason of the refusal.
 */
export type ProbeResult = 'SAME' | 'DIFFERENT' | GuardRail | MfaFailureKind

/** A request that wrote nothing, but named texts that are never shown. Its result depends on the stored ones. */
export interface MfaProbe {
  readonly request: ChangeRequest
  /** How the caller named the user. */
  readonly given: UserRef
  readonly genauthId: string
  /** The fields that were named. Their values are not recorded. */
  readonly fields: readonly MfaTextField[]
  readonly dryRun: boolean
  readonly result: ProbeResult
}

/** The record of all writes, and of all guesses at what GenAuth holds. */
export interface MfaJournal {
  /**
   * Must be called before a change asks for the lock of a user, because open intents must get their locks first.
   *
   * @throws JournalUnavailableError while the journal is being opened
   */
  refuseUnlessOpen(): void
  /**
   * Resolves when the intent is durable. Only then may the write be sent.
   *
   * @throws JournalUnavailableError if it cannot be recorded
   */
  begin(intent: WriteIntent): Promise<Conclude>
  /**
   * Returns `true` if another write to the same state of the same user was unresolved at the same time as this one,
   * which has begun. Finding that state then proves nothing about this one.
   */
  isContested(intent: WriteIntent): boolean
  /** Returns the id of the change that an intent has begun, or `null` if it has begun none. */
  changeIdOf(intent: WriteIntent): string | null
  /**
   * Resolves when the guess is on record. Only then may its result be returned.
   *
   * @throws JournalUnavailableError if it cannot be recorded
   */
  recordProbe(probe: MfaProbe): Promise<void>
}

/** A write without a record is not made. */
export class JournalUnavailableError extends Error {
  override readonly name = 'JournalUnavailableError'
}
