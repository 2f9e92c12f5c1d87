import { z } from 'zod'
import { checkpointRecord, openedRecord, rekeyedRecord } from './life-records.ts'
import { policyIntentRecord, policyOutcomeRecord } from './policy-records.ts'
import { scanEndedRecord, scanStartedRecord } from './scan-records.ts'
import { followUpRecord, intentRecord, outcomeRecord, probeRecord } from './user-records.ts'

export const journalRecord = z.discriminatedUnion('kind', [
  openedRecord,
  rekeyedRecord,
  intentRecord,
  outcomeRecord,
  followUpRecord,
  policyIntentRecord,
  policyOutcomeRecord,
  probeRecord,
  scanStartedRecord,
  scanEndedRecord,
  checkpointRecord,
])

export type JournalRecord = z.infer<typeof journalRecord>

/** Leaves out the place in the chain of each kind of record. */
type WithoutPlace<R> = R extends JournalRecord ? Omit<R, 'seq' | 'run' | 'prevHash' | 'hash'> : never

/** A record before the chain gives it its place. */
export type RecordDraft = WithoutPlace<JournalRecord>

export type DraftOf<K extends RecordDraft['kind']> = Extract<RecordDraft, { kind: K }>
