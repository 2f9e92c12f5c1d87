import { z } from 'zod'
import type { CoverageSummary } from '../../coverage/coverage-summary.ts'

const factorSchema = z.object({ bound: z.number(), enabled: z.number() })
const summarySchema: z.ZodType<CoverageSummary> = z.object({
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

/** @throws an error if the text is not a summary */
export function parseSummary(text: string): CoverageSummary {
  return summarySchema.parse(JSON.parse(text))
}
