import type { FollowUpFinding } from '../history/change.ts'
import type { WriteConclusion, WriteIntent } from '../mfa/journal-port.ts'
import type { PolicyIntent } from '../policy/policy-journal.ts'

/** Any write on record. */
export type AnyIntent = WriteIntent | PolicyIntent

/** An intent is the same object in each event about it. */
export interface JournalEvents {
  /** A write was refused before it had an intent, because the journal is being opened. */
  journalNotOpen: Record<never, never>
  /** An intent became durable, or could not be recorded. */
  journalIntent: { readonly intent: AnyIntent; readonly seconds: number; readonly isDurable: boolean }
  /** The outcome of a write was recorded, as far as the disk allowed. */
  journalOutcome: {
    readonly intent: AnyIntent
    readonly outcome: WriteConclusion['outcome']
    readonly seconds: number
  }
  /** A guess became durable. */
  journalProbe: Record<never, never>
  /** The record of a follow-up became durable. */
  followUp: { readonly found: FollowUpFinding }
}
