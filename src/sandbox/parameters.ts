import { z } from 'zod'
import { Failure } from './failure.ts'
import { FACTORS } from './user.ts'

const MAX_BATCH_USERS = 50

const USER_ID_TYPES = [
  'user_id',
  'phone',
  'email',
  'username',
  'external_id',
  'identity',
  'sync_relation',
  'custom_field',
] as const

export type UserIdType = (typeof USER_ID_TYPES)[number]

const userId = z.string().min(1)
const userIdType = z.enum(USER_ID_TYPES).default('user_id')
/** A flag in the query of a GET. */
export const queryFlag = z.enum(['true', 'false']).transform(text => text === 'true')
const factors = z.array(z.enum(FACTORS))
// Documented as plain optional strings, but `null` in every vendor's sample. Both are accepted.
const optionalText = z.string().nullish()

export const managementTokenParameters = z.object({
  accessKeyId: z.string().min(1),
  accessKeySecret: z.string().min(1),
})

export const userParameters = z.object({ userId, userIdType })

export const mfaTriggerDataParameters = z.object({ appId: z.string().min(1), userId, userIdType })

/**
 * Readings:
 *
 * - The token is required, but neither its signature nor its user is checked, because vendors' samples pass
 *   placeholders.
 * - Keys that the API does not document are ignored.
 * - Any number is accepted for `status` and `sort`, and a factor may stand in the list twice.
 * - A boolean may be left out but not be null.
 */
export const setMfaStatusParameters = z.object({
  userId,
  userIdType,
  mfaTriggerData: z.object({
    mfaToken: z.string().min(1),
    mfaPhone: optionalText,
    mfaPhoneCountryCode: optionalText,
    mfaEmail: optionalText,
    nickname: optionalText,
    username: optionalText,
    phone: optionalText,
    phoneCountryCode: optionalText,
    faceMfaEnabled: z.boolean().optional(),
    totpMfaEnabled: z.boolean().optional(),
    applicationMfa: z.array(z.object({ mfaPolicy: z.string(), status: z.number(), sort: z.number() })),
  }),
})

/** Which details of a user the query of a GET asks for. */
export const userDetailParameters = z.object({
  withCustomData: queryFlag.optional(),
  flatCustomData: queryFlag.optional(),
  withIdentities: queryFlag.optional(),
  withDepartmentIds: queryFlag.optional(),
  withPost: queryFlag.optional(),
})

export const getUserParameters = userDetailParameters.extend({ userId, userIdType })

export const getUserBatchParameters = userDetailParameters.extend({
  // A list of one, written without brackets, cannot be told from a string.
  userIds: z.preprocess(
    value => (typeof value === 'string' ? [value] : value),
    z.array(userId).min(1).max(MAX_BATCH_USERS),
  ),
  userIdType,
})

export const enabledFactorsParameters = z.object({ enabledFactors: factors })

/** The name lacks the second "d", unlike the next one. */
export const disableFactorsParameters = z.object({ disableFactors: factors })

/** Reading: a factor in both lists is refused. The documents do not say which would win. */
export const applicationFactorsParameters = z
  .object({
    appId: z.string().min(1),
    enabledFactors: factors.default([]),
    disabledFactors: factors.default([]),
  })
  .refine(
    ({ enabledFactors, disabledFactors }) => !enabledFactors.some(one => disabledFactors.includes(one)),
    {
      path: ['disabledFactors'],
    },
  )

/**
 * Returns the parameters in the form that the call wants. Otherwise throws a 400 whose text names the first faulty one,
 * as the real texts do.
 */
export function parseParameters<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params)
  if (parsed.success) {
    return parsed.data
  }
  throw toParameterFailure(parsed.error.issues[0]?.path.map(String).join('.') ?? '')
}

/** Creates the 400 that names a parameter. */
export function toParameterFailure(name: string): Failure {
  return new Failure({ statusCode: 400, message: 'malformedParameter', subject: name })
}
