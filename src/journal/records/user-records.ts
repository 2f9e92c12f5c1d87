import { z } from 'zod'
import { FOLLOW_UP_FINDINGS } from '../../history/change.ts'
import { MFA_CHANGE_EFFECTS } from '../../mfa/change-effect.ts'
import { caller, ending, place, user } from './record-parts.ts'

const factors = z.array(z.strictObject({ code: z.string(), enabled: z.boolean(), sort: z.number() }))

/** A write is about to be sent. */
export const intentRecord = z.strictObject({
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
  /** The ID of the intent that this one takes back. Left out if it takes none back. */
  revertOf: z.uuid().optional(),
  /** The effects of the change by the judgement of the guard rails. Version 0.1 leaves them out. */
  effects: z.array(z.enum(MFA_CHANGE_EFFECTS)).optional(),
  railsPassed: z.array(z.string()),
})

/** The outcome of an intent. */
export const outcomeRecord = z.strictObject({ kind: z.literal('outcome'), ...place, ...ending })

/** The finding of a follow-up of an intent with the outcome `UNKNOWN`. It is the last record of an intent. */
export const followUpRecord = z.strictObject({
  kind: z.literal('followUp'),
  ...place,
  intent: z.uuid(),
  /** The number of the look that found it, from 1 on. 0 if there was none. */
  look: z.int().nonnegative(),
  found: z.enum(FOLLOW_UP_FINDINGS),
})

/** A request that named texts which are never shown, whose result depends on stored data, and that wrote nothing. */
export const probeRecord = z.strictObject({
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

export type IntentRecord = z.infer<typeof intentRecord>
