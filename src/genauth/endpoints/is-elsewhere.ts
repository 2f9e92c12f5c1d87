import type { PhoneNumber } from '../../mfa/phone-number.ts'
import { toPhoneNumber, type UserRef } from '../../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'

/**
 * Returns `true` if a user was asked for by a phone with its country code, and GenAuth's reply does not show that
 * code. GenAuth takes the number alone, so its user may be one of another country with the same number.
 *
 * The code may stand in its own field, or in the phone. A reply without a code proves nothing, so the user counts as
 * elsewhere.
 */
export function isElsewhere(user: GenAuthUser, asked: UserRef): boolean {
  const wanted = toPhoneNumber(asked)
  return wanted !== null && !showsCountryCode(user, wanted)
}

function showsCountryCode(user: GenAuthUser, wanted: PhoneNumber): boolean {
  const phone = toDigits(user.phone)
  // A phone with its own country code is the whole number, whatever the other field holds.
  if (phone.isInternational) return phone.digits.startsWith(wanted.countryCode)
  const code = toDigits(user.phoneCountryCode).digits
  return code === wanted.countryCode || `+${code}${phone.digits}` === wanted.e164
}

/** Returns the digits up to the part that a mask hides. */
function toDigits(text: string | null | undefined) {
  const normal = (text ?? '').normalize('NFKC').replace(/[^\d+*]/g, '')
  const [readable = ''] = normal.split('*')
  const isInternational = /^(\+|00)/.test(readable)
  return { digits: readable.replace(/\D/g, '').replace(/^00/, ''), isInternational }
}
