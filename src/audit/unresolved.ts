import type { IntentRecord, RecordDraft } from './records.ts'

/** What is kept of an intent until it is resolved: all that finding out about it takes. */
export type IntentFacts = Pick<
  IntentRecord,
  'id' | 'time' | 'user' | 'sealedId' | 'revisionBefore' | 'revisionIntended'
> & { readonly seq: number }

/** An intent of which the journal does not say yet what became of it. */
export interface UnresolvedRecord {
  readonly intent: IntentFacts
  /** The time of its outcome `UNKNOWN`, which nothing has followed up. `null` if it has no outcome. */
  readonly unknownSince: string | null
}

/** Why a record cannot stand where it does. */
export type UnmatchedRecord = 'UNMATCHED_OUTCOME' | 'UNMATCHED_FOLLOW_UP'

/** The intents of a journal that are not resolved, kept record by record, for a walk and for a writer alike. */
export interface Unresolved {
  /**
   * Takes the next record in.
   *
   * @param seq the place of the record in the chain
   * @returns `TAKEN`, or why the record belongs to no intent that was waiting for it
   */
  note(record: RecordDraft, seq: number): 'TAKEN' | UnmatchedRecord
  /** By the id of the intent, in the order of the intents. */
  readonly records: ReadonlyMap<string, UnresolvedRecord>
}

/**
 * An outcome belongs to one intent without an outcome, and resolves it, unless it is `UNKNOWN`. A follow-up belongs to
 * one outcome `UNKNOWN`, and resolves it whatever it found.
 */
export function createUnresolved(): Unresolved {
  const records = new Map<string, UnresolvedRecord>()
  return {
    records,
    note(record, seq) {
      switch (record.kind) {
        case 'intent': {
          const { id, time, user, sealedId, revisionBefore, revisionIntended } = record
          const intent = { id, seq, time, user, sealedId, revisionBefore, revisionIntended }
          records.set(id, { intent, unknownSince: null })
          return 'TAKEN'
        }
        case 'outcome': {
          const open = records.get(record.intent)
          if (open === undefined || open.unknownSince !== null) return 'UNMATCHED_OUTCOME'
          if (record.outcome === 'UNKNOWN') records.set(record.intent, { ...open, unknownSince: record.time })
          else records.delete(record.intent)
          return 'TAKEN'
        }
        case 'followUp': {
          const found = records.get(record.intent)
          if (found === undefined || found.unknownSince === null) return 'UNMATCHED_FOLLOW_UP'
          records.delete(record.intent)
          return 'TAKEN'
        }
        case 'probe':
        case 'opened':
        case 'rekeyed':
          return 'TAKEN'
      }
    },
  }
}
