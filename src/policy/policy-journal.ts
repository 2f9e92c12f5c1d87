import type { MfaChangeEffect } from '../mfa/change-effect.ts'
import type { MfaFactorType } from '../mfa/factor.ts'
import type { ChangeRequest, Conclude } from '../mfa/journal-port.ts'

/** A change of the factors of the user pool, or of an application, that is about to be sent. */
export interface PolicyIntent {
  readonly request: ChangeRequest
  /** `null` for the pool itself. */
  readonly applicationId: string | null
  /** The codes that are on before it. `null` for an application, where GenAuth shows none. */
  readonly before: readonly string[] | null
  /** All codes that are to be on after it. `null` for an application. */
  readonly wanted: readonly string[] | null
  readonly enable: readonly MfaFactorType[]
  readonly disable: readonly MfaFactorType[]
  /** `null` for an application. */
  readonly revisionBefore: string | null
  /** `null` for an application. */
  readonly revisionIntended: string | null
  readonly reason: string | null
  readonly effects: readonly MfaChangeEffect[]
  readonly railsPassed: readonly string[]
}

/** The record of all changes of policies. */
export interface PolicyJournal {
  /**
   * Must be called before a change asks for its lock, because open intents must get their locks first.
   *
   * @throws JournalUnavailableError while the journal is being opened
   */
  refuseUnlessOpen(): void
  /**
   * Resolves when the intent is durable. Only then may the first write be sent.
   *
   * @throws JournalUnavailableError if it cannot be recorded
   */
  beginPolicy(intent: PolicyIntent): Promise<Conclude>
}
