import { z } from 'zod'
import { MFA_CHANGE_EFFECTS } from '../mfa/change-effect.ts'
import { USER_ID_TYPES } from '../mfa/user-ref.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const keyId = z.string().regex(/^[0-9a-f]{32}$/)
const factors = z.array(z.strictObject({ code: z.string(), enabled: z.boolean(), sort: z.number() }))

/** What every record carries: its place in the chain, the process that wrote it, and when. */
const place = {
  seq: z.int().positive(),
  /** One for each process: tells records apart that several processes wrote to one stream. */
  run: z.uuid(),
  time: z.iso.datetime(),
  prevHash: digest,
  hash: digest,
}

const caller = z.strictObject({ issuer: z.string(), subject: z.string(), client: z.string().nullable() })

const user = z.strictObject({
  idType: z.enum(USER_ID_TYPES),
  idHash: digest,
  /** Null: the caller gave as an id of GenAuth what does not look like one, and may be anything. */
  genauthId: z.string().nullable(),
})

/** A process has begun to write here. */
const openedRecord = z.strictObject({
  kind: z.literal('opened'),
  ...place,
  format: z.literal(1),
  /** Bytes of an unfinished last line that this start has cut off. */
  cutBytes: z.int().nonnegative(),
})

/** From the next record on the chain is under another key. The last record under the one before. */
const rekeyedRecord = z.strictObject({
  kind: z.literal('rekeyed'),
  ...place,
  /** Of the key that follows. */
  keyId,
})

/** A write is about to be sent. */
const intentRecord = z.strictObject({
  kind: z.literal('intent'),
  ...place,
  id: z.uuid(),
  requestId: z.string(),
  traceId: z.string().nullable(),
  caller,
  user,
  /** The identifier that was given. Opened by the recovery alone. */
  sealedId: z.string(),
  factorsBefore: factors.nullable(),
  factorsAfter: factors,
  changedFields: z.array(z.string()),
  revisionBefore: z.string().nullable(),
  revisionIntended: z.string(),
  /** The caller's own words: the one free text of the journal. */
  reason: z.string().nullable(),
  /** The effects that the guard rails judged the change to have. Version 0.1 leaves them out. */
  effects: z.array(z.enum(MFA_CHANGE_EFFECTS)).optional(),
  railsPassed: z.array(z.string()),
})

/** What became of an intent. */
const outcomeRecord = z.strictObject({
  kind: z.literal('outcome'),
  ...place,
  intent: z.uuid(),
  outcome: z.enum(['APPLIED', 'NOT_APPLIED', 'UNKNOWN']),
  failure: z.string().nullable(),
  upstreamRequestId: z.string().nullable(),
  /** From the durable intent on. Null: the process that knew it is gone. */
  durationMs: z.number().nonnegative().nullable(),
  /** Found out at a later start, by reading GenAuth. */
  recovered: z.boolean(),
})

/**
 * What a follow-up of a write can find in GenAuth. It says what is in force, not who made it so.
 *
 * - `BEFORE`: the state from before the write.
 * - `INTENDED`: the state that the write was to make, which was not, or not known to be, the state before.
 * - `OTHER`: a third state.
 * - `UNREADABLE`: the user could not be read.
 * - `DROPPED`: nobody looked, since too many writes waited for it.
 */
export const FOLLOW_UP_FINDINGS = ['INTENDED', 'BEFORE', 'OTHER', 'UNREADABLE', 'DROPPED'] as const

export type FollowUpFinding = (typeof FOLLOW_UP_FINDINGS)[number]

/** What looking again has found about an intent whose outcome is `UNKNOWN`. The last record of an intent. */
const followUpRecord = z.strictObject({
  kind: z.literal('followUp'),
  ...place,
  intent: z.uuid(),
  /** Which look has found it, from 1 on. 0 if there was none. */
  look: z.int().nonnegative(),
  found: z.enum(FOLLOW_UP_FINDINGS),
})

/** A request that named texts which are never shown, whose result depends on what is stored, and that wrote nothing. */
const probeRecord = z.strictObject({
  kind: z.literal('probe'),
  ...place,
  requestId: z.string(),
  traceId: z.string().nullable(),
  caller,
  user,
  fields: z.array(z.string()),
  dryRun: z.boolean(),
  /** `SAME`, `DIFFERENT`, the guard rail that refused, or the kind of failure. */
  result: z.string(),
})

/** An intent of a segment before, of which the journal does not say yet what became of it. */
const carriedIntent = z.strictObject({
  intent: z.strictObject({
    id: z.uuid(),
    /** Where its record is. */
    seq: z.int().positive(),
    time: z.iso.datetime(),
    user,
    sealedId: z.string(),
    revisionBefore: z.string().nullable(),
    revisionIntended: z.string(),
  }),
  /** The time of its outcome `UNKNOWN`, which nothing has followed up. `null` if it has no outcome. */
  unknownSince: z.iso.datetime().nullable(),
  /** Another write to the same state of the same user was unresolved beside this one. */
  isContested: z.boolean(),
})

/**
 * A segment begins: what must be known of those before it. `seq` and `prevHash` continue their chain. A segment begins
 * with several of them if one cannot hold all intents.
 */
const checkpointRecord = z.strictObject({
  kind: z.literal('checkpoint'),
  ...place,
  /** The number of the segment that begins. The first one has no checkpoint. */
  segment: z.int().min(2),
  /** Of the key that this record is under. */
  keyId,
  unresolved: z.array(carriedIntent),
  /** How many intents are left to the checkpoints behind this one. */
  remaining: z.int().nonnegative(),
})

export const journalRecord = z.discriminatedUnion('kind', [
  openedRecord,
  rekeyedRecord,
  intentRecord,
  outcomeRecord,
  followUpRecord,
  probeRecord,
  checkpointRecord,
])

export type JournalRecord = z.infer<typeof journalRecord>
export type IntentRecord = z.infer<typeof intentRecord>
type CheckpointRecord = z.infer<typeof checkpointRecord>

/** A record as it is asked for, before the chain gives it its place. */
export type RecordDraft =
  | Omit<z.infer<typeof openedRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof rekeyedRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<IntentRecord, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof outcomeRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof followUpRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof probeRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<CheckpointRecord, 'seq' | 'run' | 'prevHash' | 'hash'>
