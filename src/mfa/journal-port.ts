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
export interface SetRequest {
  readonly requestId: string
  /** `null`: it is part of no trace. */
  readonly trace: TraceContext | null
  readonly caller: { readonly issuer: string; readonly subject: string; readonly client: string | null }
}

/** A write that is about to be sent. */
export interface SetIntent {
  readonly request: SetRequest
  /** How the caller named the user. */
  readonly given: UserRef
  readonly genauthId: string
  /** `null` if it is not known. */
  readonly factorsBefore: readonly MfaFactor[] | null
  readonly factorsAfter: readonly MfaFactor[]
  /** Other fields that change, by name; of an unknown state before, all that are set. */
  readonly changedFields: readonly MfaField[]
  /** `null` if it is not known. */
  readonly revisionBefore: string | null
  readonly revisionIntended: string
  readonly reason: string | null
  /** The effects that the guard rails judged the change to have. */
  readonly effects: readonly MfaChangeEffect[]
  readonly railsPassed: readonly string[]
}

/** What became of a write that was on record. */
export interface SetConclusion {
  readonly outcome: 'APPLIED' | MfaWriteOutcome
  /** Null for a success. */
  readonly failure: MfaFailureKind | null
  readonly upstreamRequestId: string | null
}

/**
 * Records what became of an intent, and resolves when that is durable. Never rejects: the answer about the write must
 * leave all the same.
 *
 * @param deadline when the answer leaves, on record or not. While a record is overdue, no other write begins.
 */
export type Conclude = (conclusion: SetConclusion, deadline?: Deadline) => Promise<void>

/**
 * The result of a guess, as far as it tells something of the state: `SAME` if the state is as asked, `DIFFERENT` if it
 * is not, otherwise the reason of the refusal.
 */
export type ProbeResult = 'SAME' | 'DIFFERENT' | GuardRail | MfaFailureKind

/** A request that named texts which are never shown, whose result depends on what is stored, and that wrote nothing. */
export interface MfaProbe {
  readonly request: SetRequest
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
   * To be asked before the lock of a user is asked for: those of open intents must be had first.
   *
   * @throws JournalUnavailableError while the journal is being opened
   */
  refuseUnlessOpen(): void
  /**
   * Resolves when the intent is durable, and only then may the write be sent.
   *
   * @throws JournalUnavailableError when it cannot be recorded
   */
  begin(intent: SetIntent): Promise<Conclude>
  /**
   * Whether another write to the same state of the same user has been in doubt beside this one, which has begun. Finding
   * that state then proves nothing about this one.
   */
  isContested(intent: SetIntent): boolean
  /**
   * Resolves when the guess is on record, and only then may it be answered.
   *
   * @throws JournalUnavailableError when it cannot be recorded
   */
  recordProbe(probe: MfaProbe): Promise<void>
}

/** No record, no write. */
export class JournalUnavailableError extends Error {
  override readonly name = 'JournalUnavailableError'
}
