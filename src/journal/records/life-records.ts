import { z } from 'zod'
import { place, user } from './record-parts.ts'

const keyId = z.string().regex(/^[0-9a-f]{32}$/)

/** A process has begun to write here. */
export const openedRecord = z.strictObject({
  kind: z.literal('opened'),
  ...place,
  format: z.literal(1),
  /** Bytes of an unfinished last line that this start has cut off. */
  cutBytes: z.int().nonnegative(),
})

/** From the next record on the chain is under another key. This is the last record under the former key. */
export const rekeyedRecord = z.strictObject({
  kind: z.literal('rekeyed'),
  ...place,
  /** The ID of the next key. */
  keyId,
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
export const checkpointRecord = z.strictObject({
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
