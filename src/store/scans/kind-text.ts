import { z } from 'zod'
import type { RowKind } from '../../coverage/row-kind.ts'
import { ACCOUNT_STATUSES } from '../../mfa/account.ts'
import { MFA_POSTURES } from '../../mfa/bindings.ts'
import { MFA_FACTOR_TYPES } from '../../mfa/factor.ts'

const isBound = z.boolean().nullable()

/** The order of its keys is that of the text. A word that only a newer version knows is read as `null`. */
const kindSchema: z.ZodType<RowKind> = z.object({
  status: z.enum(ACCOUNT_STATUSES).nullable().catch(null),
  bindings: z.object({ SMS: isBound, EMAIL: isBound, OTP: isBound, FACE: isBound }).nullable(),
  posture: z.enum(MFA_POSTURES).nullable().catch(null),
  isVerified: z.boolean(),
  hasSignedIn: z.boolean(),
})
const codesSchema = z.array(z.string())
const factorsSchema = z.array(z.enum(MFA_FACTOR_TYPES))

/** Returns the same text for the same kind, whatever the order of its keys is. */
export function toKindText(kind: RowKind): string {
  return JSON.stringify(kindSchema.parse(kind))
}

/** @throws an error if the text was not written by `toKindText` */
export function parseKind(text: string): RowKind {
  return kindSchema.parse(JSON.parse(text))
}

/** @throws an error if the text is not a JSON list of texts */
export function parseCodes(text: string): readonly string[] {
  return codesSchema.parse(JSON.parse(text))
}

/** @throws an error if the text is not a JSON list of factors */
export function parseFactors(text: string): readonly z.infer<typeof factorsSchema>[number][] {
  return factorsSchema.parse(JSON.parse(text))
}
