import { z } from 'zod'
import { MFA_CHANGE_EFFECTS } from '../../mfa/change-effect.ts'
import { MFA_FACTOR_TYPES } from '../../mfa/factor.ts'
import { caller, ending, place } from './record-parts.ts'

const codes = z.array(z.string())
const factorTypes = z.array(z.enum(MFA_FACTOR_TYPES))

/** A change of the factors of the user pool, or of an application, is about to be sent. */
export const policyIntentRecord = z.strictObject({
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
export const policyOutcomeRecord = z.strictObject({ kind: z.literal('policyOutcome'), ...place, ...ending })

export type PolicyIntentRecord = z.infer<typeof policyIntentRecord>
