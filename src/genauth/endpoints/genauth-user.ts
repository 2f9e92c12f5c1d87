import { z } from 'zod'
import { parseTime } from '../../base/parse-time.ts'
import { findUserIdFault, foldGenAuthId } from '../../mfa/user-ref.ts'
import { listOfReadable, notNeeded, plainText } from '../lenient.ts'

/** If a user has more, none of them is read. */
const MAX_IDENTITIES = 64

const identitySchema = z.object({
  extIdpId: plainText,
  userIdInIdp: plainText,
})

/** A time in ISO 8601, with `Z` or an offset such as `+08:00` or `+0800`. Only ISO 8601 is parsed without guesses. */
export const time = z
  .string()
  .transform(text => parseTime(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
  .pipe(z.date())

/** The few fields of `UserDto` by which a user is named, matched or recognised. The sensitive rest is dropped. */
export const genauthUserSchema = z.object({
  // The user is read and changed by it, so what no caller may send is no id here either.
  userId: plainText.pipe(
    z
      .string()
      .refine(userId => findUserIdFault({ userId, userIdType: 'USER_ID' }) === null)
      .transform(foldGenAuthId),
  ),
  phone: notNeeded(plainText),
  phoneCountryCode: notNeeded(plainText),
  email: notNeeded(plainText),
  username: notNeeded(plainText),
  externalId: notNeeded(plainText),
  name: notNeeded(plainText),
  nickname: notNeeded(plainText),
  status: notNeeded(z.string()),
  lastLogin: notNeeded(time),
  lastMfaTime: notNeeded(time),
  identities: notNeeded(listOfReadable(MAX_IDENTITIES, identitySchema)),
})

export type GenAuthUser = z.infer<typeof genauthUserSchema>
