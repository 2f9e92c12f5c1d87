import { z } from 'zod'
import { MFA_FACTOR_TYPES, type MfaFactorType } from '../../mfa/factor.ts'
import type { RowCounts } from './summarize.ts'

const factorSchema = z.object({ bound: z.number(), enabled: z.number() })
const summarySchema: z.ZodType<RowCounts> = z.object({
  users: z.number(),
  withoutBoundFactor: z.number(),
  neverVerified: z.number(),
  byPosture: z.object({
    PROTECTED: z.number(),
    PENDING: z.number(),
    UNPROTECTED: z.number(),
    UNKNOWN: z.number(),
  }),
  byFactor: z.object({ SMS: factorSchema, EMAIL: factorSchema, OTP: factorSchema, FACE: factorSchema }),
  byDepartment: z.array(
    z.object({ departmentId: z.string(), users: z.number(), withoutBoundFactor: z.number() }),
  ),
})

const factorsSchema = z.array(z.enum(MFA_FACTOR_TYPES))

/** @throws an error if the text is not a list of factors */
export function parseFactors(text: string | null): readonly MfaFactorType[] | null {
  return text === null ? null : factorsSchema.parse(JSON.parse(text))
}

/** @throws an error if the text is not a summary */
export function parseSummary(text: string): RowCounts {
  return summarySchema.parse(JSON.parse(text))
}
