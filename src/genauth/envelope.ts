import { z } from 'zod'
import { notNeeded, plainNumber, plainText } from './lenient.ts'

/** The form of GenAuth's own request ids. Anything else in that place is not passed on. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/**
 * The envelope of every V3 reply. `statusCode` alone says whether the call succeeded, because failures usually have
 * HTTP status 200, too. `message` is not read. It may hold anything, in any language, and is never forwarded.
 */
export const envelopeSchema = z.object({
  statusCode: plainNumber.pipe(z.int32()),
  apiCode: notNeeded(plainNumber.pipe(z.int32())),
  requestId: notNeeded(plainText.pipe(z.string().regex(REQUEST_ID))),
  data: z.unknown().optional(),
})

export type Envelope = z.infer<typeof envelopeSchema>
