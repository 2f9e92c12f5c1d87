import { z } from 'zod'
import { tryParseJson } from '../base/parse-json.ts'
import { type LiveChange, MFA_CHANGE_HINTS } from './live-change.ts'

/** What one replica tells all others. */
export interface SharedMessage {
  /** The replica. */
  readonly from: string
  /** `null` if it only says that it is there. */
  readonly change: LiveChange | null
}

const schema = z.object({
  from: z.string(),
  change: z
    .object({
      hint: z.enum(MFA_CHANGE_HINTS),
      genauthId: z.string().nullable(),
      atMs: z.number(),
      revision: z.string().nullable(),
      applicationId: z.string().nullable(),
    })
    .nullable(),
})

/** @returns `null` for a message of a version that this one does not understand */
export function parseSharedMessage(text: string): SharedMessage | null {
  return schema.safeParse(tryParseJson(text)).data ?? null
}
