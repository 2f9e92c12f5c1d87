import { z } from 'zod'
import { SCAN_DEPTHS, SCAN_FAILURES } from '../coverage/scan.ts'
import { ACCOUNT_STATUSES } from '../mfa/account.ts'
import { MFA_CHANGE_EFFECTS } from '../mfa/change-effect.ts'
import { MFA_FACTOR_TYPES } from '../mfa/factor.ts'
import { USER_ID_TYPES } from '../mfa/user-ref.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const keyId = z.string().regex(/^[0-9a-f]{32}$/)
const factors = z.array(z.strictObject({ code: z.string(), enabled: z.boolean(), sort: z.number() }))

/** Every record carries its place in the chain, the process that wrote it, and the time. */
const place = {
  seq: z.int().positive(),
  /** Each process has its own. It tells records apart if several processes wrote to one stream. */
  run: z.uuid(),
  time: z.iso.datetime(),
  prevHash: digest,
  hash: digest,
}

const caller = z.strictObject({ issuer: z.string(), subject: z.string(), client: z.string().nullable() })

const user = z.strictObject({
  idType: z.enum(USER_ID_TYPES),
  idHash: digest,
  /** `null` if the caller's GenAuth ID does not look like one, because it may then be any text. */
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

/** From the next record on the chain is under another key. This is the last record under the former key. */
const rekeyedRecord = z.strictObject({
  kind: z.literal('rekeyed'),
  ...place,
  /** The ID of the next key. */
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
  /** The given identifier, encrypted. Only the recovery opens it. */
  sealedId: z.string(),
  factorsBefore: factors.nullable(),
  factorsAfter: factors,
  changedFields: z.array(z.string()),
  revisionBefore: z.string().nullable(),
  revisionIntended: z.string(),
  /** The caller's own words, which are the only free text of the journal. */
  reason: z.string().nullable(),
  /** The effects of the change by the judgement of the guard rails. Version 0.1 leaves them out. */
  effects: z.array(z.enum(MFA_CHANGE_EFFECTS)).optional(),
  railsPassed: z.array(z.string()),
})

/** The end of a write, as the records of both kinds of intents have it. */
const ending = {
  intent: z.uuid(),
  outcome: z.enum(['APPLIED', 'NOT_APPLIED', 'UNKNOWN']),
  failure: z.string().nullable(),
  upstreamRequestId: z.string().nullable(),
  /** The time since the intent was durable. `null` if the process that knew it is gone. */
  durationMs: z.number().nonnegative().nullable(),
  /** `true` if a later start found the outcome by reading GenAuth. */
  recovered: z.boolean(),
}

/** The outcome of an intent. */
const outcomeRecord = z.strictObject({ kind: z.literal('outcome'), ...place, ...ending })

const codes = z.array(z.string())
const factorTypes = z.array(z.enum(MFA_FACTOR_TYPES))

/** A change of the factors of the user pool, or of an application, is about to be sent. */
const policyIntentRecord = z.strictObject({
  kind: z.literal('policyIntent'),
  ...place,
  id: z.uuid(),
  requestId: z.string(),
  traceId: z.string().nullable(),
  caller,
  /** `null` for the pool itself. */
  applicationId: z.string().nullable(),
  /** The codes that are on before it. `null` for an application, where GenAuth shows none. */
  before: codes.nullable(),
  /** All codes that are to be on after it. `null` for an application. */
  wanted: codes.nullable(),
  enable: factorTypes,
  disable: factorTypes,
  revisionBefore: z.string().nullable(),
  revisionIntended: z.string().nullable(),
  reason: z.string().nullable(),
  effects: z.array(z.enum(MFA_CHANGE_EFFECTS)),
  railsPassed: z.array(z.string()),
})

/** The outcome of a change of a policy. It is the last record of the change. */
const policyOutcomeRecord = z.strictObject({ kind: z.literal('policyOutcome'), ...place, ...ending })

/**
 * The state that a follow-up of a write can find in GenAuth. It does not say who made that state.
 *
 * - `BEFORE`: the state from before the write.
 * - `INTENDED`: the state that the write was to make, if that is not, or not known to be, the state before.
 * - `OTHER`: a third state.
 * - `UNREADABLE`: the user could not be read.
 * - `DROPPED`: there was no look, because too many writes waited for one.
 */
export const FOLLOW_UP_FINDINGS = ['INTENDED', 'BEFORE', 'OTHER', 'UNREADABLE', 'DROPPED'] as const

export type FollowUpFinding = (typeof FOLLOW_UP_FINDINGS)[number]

/** The finding of a follow-up of an intent with the outcome `UNKNOWN`. It is the last record of an intent. */
const followUpRecord = z.strictObject({
  kind: z.literal('followUp'),
  ...place,
  intent: z.uuid(),
  /** The number of the look that found it, from 1 on. 0 if there was none. */
  look: z.int().nonnegative(),
  found: z.enum(FOLLOW_UP_FINDINGS),
})

/** A request that named texts which are never shown, whose result depends on stored data, and that wrote nothing. */
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

/** The caller who asked for something about a scan, and the request. They are `null` if no caller did. */
const scanRequest = {
  requestId: z.string().nullable(),
  traceId: z.string().nullable(),
  caller: caller.nullable(),
}

/** The users that a scan reads, by ids and codes alone. */
const population = z.strictObject({
  departments: z.array(
    z.strictObject({ organizationCode: z.string(), departmentId: z.string(), includesChildren: z.boolean() }),
  ),
  groups: z.array(z.string()),
  statuses: z.array(z.enum(ACCOUNT_STATUSES)),
  signedInTo: z.array(z.string()),
  lastSignInAfter: z.iso.datetime().nullable(),
  lastSignInBefore: z.iso.datetime().nullable(),
  exceptUserIds: z.array(z.string()),
  exceptGroups: z.array(z.string()),
})

/** A scan is about to be created. It reads many users, and writes nothing to GenAuth. */
const scanStartedRecord = z.strictObject({
  kind: z.literal('scanStarted'),
  ...place,
  ...scanRequest,
  scan: z.string(),
  depth: z.enum(SCAN_DEPTHS),
  /** The part of GenAuth's rate that it may use, up to 1. */
  budgetShare: z.number().positive().max(1),
  population,
})

/**
 * A scan ends. The journal of another replica may hold its start. If a process dies at this moment, another one ends the
 * scan again, and the last record counts. `NOT_CREATED` means that it was not stored, and never ran.
 */
const scanEndedRecord = z.strictObject({
  kind: z.literal('scanEnded'),
  ...place,
  /** The request that cancelled the scan. */
  ...scanRequest,
  scan: z.string(),
  status: z.enum(['SUCCEEDED', 'FAILED', 'CANCELLED', 'NOT_CREATED']),
  failure: z.enum(SCAN_FAILURES).nullable(),
  /** The users that GenAuth counted when the scan began. `null` before its first page. */
  expected: z.int().nonnegative().nullable(),
  seen: z.int().nonnegative(),
  unreadable: z.int().nonnegative(),
  upstreamCalls: z.int().nonnegative(),
  isWhole: z.boolean(),
})

/** An intent of an earlier segment that the journal has not resolved yet. */
const carriedIntent = z.strictObject({
  intent: z.strictObject({
    id: z.uuid(),
    /** The place of its record. */
    seq: z.int().positive(),
    time: z.iso.datetime(),
    user,
    sealedId: z.string(),
    revisionBefore: z.string().nullable(),
    revisionIntended: z.string(),
  }),
  /** The time of its outcome `UNKNOWN` if nothing has followed it up. `null` if it has no outcome. */
  unknownSince: z.iso.datetime().nullable(),
  /** `true` if another write to the same state of the same user was unresolved at the same time. */
  isContested: z.boolean(),
})

/** A change of a policy in an earlier segment whose outcome is not on record yet. */
const openPolicy = z.strictObject({
  id: z.uuid(),
  /** The place of its record. */
  seq: z.int().positive(),
  time: z.iso.datetime(),
  applicationId: z.string().nullable(),
  revisionIntended: z.string().nullable(),
})

/**
 * Begins a segment with the necessary facts of the earlier ones. `seq` and `prevHash` continue their chain. A segment
 * begins with several checkpoints if one cannot hold all intents.
 */
const checkpointRecord = z.strictObject({
  kind: z.literal('checkpoint'),
  ...place,
  /** The number of the segment that begins. The first one has no checkpoint. */
  segment: z.int().min(2),
  /** The ID of the key of this record. */
  keyId,
  unresolved: z.array(carriedIntent),
  /** The changes of policies. Version 0.2 leaves them out. */
  openPolicies: z.array(openPolicy).optional(),
  /** The number of intents that the next checkpoints still have to bring. */
  remaining: z.int().nonnegative(),
})

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
export type IntentRecord = z.infer<typeof intentRecord>
export type PolicyIntentRecord = z.infer<typeof policyIntentRecord>
type CheckpointRecord = z.infer<typeof checkpointRecord>

/** A record before the chain gives it its place. */
export type RecordDraft =
  | Omit<z.infer<typeof openedRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof rekeyedRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<IntentRecord, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof outcomeRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof followUpRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<PolicyIntentRecord, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof policyOutcomeRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof probeRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof scanStartedRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<z.infer<typeof scanEndedRecord>, 'seq' | 'run' | 'prevHash' | 'hash'>
  | Omit<CheckpointRecord, 'seq' | 'run' | 'prevHash' | 'hash'>
