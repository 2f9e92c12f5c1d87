import { z } from 'zod'

/** What GenAuth's own request ids look like; anything else in that place is not passed on. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/**
 * The envelope of every V3 answer. `statusCode` alone says whether the call succeeded: HTTP 200 is normal on
 * failure. `message` is not read: it may hold anything, in any language, and is never forwarded.
 */
export const envelopeSchema = z.object({
  statusCode: z.int32(),
  apiCode: z.int32().nullish().catch(null),
  requestId: z.string().regex(REQUEST_ID).nullish().catch(null),
  data: z.unknown().optional(),
})

export type Envelope = z.infer<typeof envelopeSchema>
