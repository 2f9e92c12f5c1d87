import { z } from 'zod'
import { CHANGE_OUTCOMES } from '../../history/change.ts'
import { USER_ID_TYPES } from '../../mfa/user-ref.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Every record carries its place in the chain, the process that wrote it, and the time. */
export const place = {
  seq: z.int().positive(),
  /** Each process has its own. It tells records apart if several processes wrote to one stream. */
  run: z.uuid(),
  time: z.iso.datetime(),
  prevHash: digest,
  hash: digest,
}

export const caller = z.strictObject({
  issuer: z.string(),
  subject: z.string(),
  client: z.string().nullable(),
})

export const user = z.strictObject({
  idType: z.enum(USER_ID_TYPES),
  idHash: digest,
  /** `null` if the caller's GenAuth ID does not look like one, because it may then be any text. */
  genauthId: z.string().nullable(),
})

/** The end of a write, as the records of both kinds of intents have it. */
export const ending = {
  intent: z.uuid(),
  outcome: z.enum(CHANGE_OUTCOMES),
  failure: z.string().nullable(),
  upstreamRequestId: z.string().nullable(),
  /** The time since the intent was durable. `null` if the process that knew it is gone. */
  durationMs: z.number().nonnegative().nullable(),
  /** `true` if a later start found the outcome by reading GenAuth. */
  recovered: z.boolean(),
}
