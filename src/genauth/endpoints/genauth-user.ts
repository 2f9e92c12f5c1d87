import { z } from 'zod'
import { hasInvisibleEnd } from '../../base/invisible.ts'
import { foldGenAuthId } from '../../mfa/user-ref.ts'
import { listOfReadable, notNeeded, plainText } from '../lenient.ts'

/** If a user has more, none of them is read. */
const MAX_IDENTITIES = 64

const identitySchema = z.object({
  extIdpId: plainText,
  userIdInIdp: plainText,
})

/** The few fields of `UserDto` that name a user or match a user to an identifier. The sensitive rest is dropped. */
export const genauthUserSchema = z.object({
  userId: plainText.pipe(
    z
      .string()
      .min(1)
      .refine(userId => !hasInvisibleEnd(userId))
      .transform(foldGenAuthId),
  ),
  phone: notNeeded(plainText),
  phoneCountryCode: notNeeded(plainText),
  email: notNeeded(plainText),
  username: notNeeded(plainText),
  externalId: notNeeded(plainText),
  identities: notNeeded(listOfReadable(MAX_IDENTITIES, identitySchema)),
})

export type GenAuthUser = z.infer<typeof genauthUserSchema>
