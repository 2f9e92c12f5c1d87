import { splitAtFirstColon, type UserRef } from '../../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'

/** A field that GenAuth's reply leaves out or empties says nothing, and one that it masks what it leaves readable. */
type Shown = string | null | undefined

/**
 * Whether GenAuth's reply shows that its user is not the one who was asked for: the field of that identifier is
 * there, and holds something else. Spellings that GenAuth may take for the same are the same here: letter case and
 * full-width characters, and of a phone its separators. A phone's country code counts where both sides name one.
 */
export function contradicts(user: GenAuthUser, { userId, userIdType }: UserRef): boolean {
  switch (userIdType) {
    case 'USER_ID':
      return user.userId !== userId
    case 'PHONE':
      return isShown(user.phone) && !isSamePhone(user.phone, user.phoneCountryCode, userId)
    case 'EMAIL':
      return isShown(user.email) && !fits(fold(user.email), fold(userId))
    case 'USERNAME':
      return isShown(user.username) && !fits(fold(user.username), fold(userId))
    case 'EXTERNAL_ID':
      return isShown(user.externalId) && !fits(user.externalId, userId)
    case 'IDENTITY':
      return hasOtherIdentities(user, userId)
    case 'SYNC_RELATION':
    case 'CUSTOM_FIELD':
      return false
  }
}

function isShown(text: Shown): text is string {
  return text != null && text !== ''
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** Whether a text is the one that was asked for. Of a masked one, its ends are. */
function fits(shown: string, asked: string): boolean {
  const [first, last] = [shown.indexOf('*'), shown.lastIndexOf('*')]
  if (first < 0) return shown === asked
  return asked.startsWith(shown.slice(0, first)) && asked.endsWith(shown.slice(last + 1))
}

function hasOtherIdentities({ identities }: GenAuthUser, asked: string): boolean {
  const wanted = splitAtFirstColon(asked)
  if (wanted === null || identities == null || identities.length === 0) return false
  return identities.every(
    ({ extIdpId, userIdInIdp }) => !fits(extIdpId, wanted.source) || !fits(userIdInIdp, wanted.id),
  )
}

const MAX_COUNTRY_CODE_DIGITS = 3

/** By digits. A country code counts where one is shown, and a number that says that it holds one may hold any. */
function isSamePhone(phone: string, countryCode: Shown, asked: string): boolean {
  const wanted = toPhone(asked)
  if (phone.includes('*')) return wanted.digits.endsWith(toPhone(phone.slice(phone.lastIndexOf('*'))).digits)
  const stored = toPhone(phone)
  const code = toPhone(countryCode ?? '').digits
  const hasCode = stored.isInternational || code === '' || stored.digits.startsWith(code)
  return (
    (stored.digits === wanted.digits && (hasCode || !wanted.isInternational)) ||
    `${code}${stored.digits}` === wanted.digits ||
    (stored.isInternational && endsIn(stored.digits, wanted.digits)) ||
    (code === '' && wanted.isInternational && endsIn(wanted.digits, stored.digits))
  )
}

/** Digits without the zeros in front: those are dialled, and no part of the number. */
function toPhone(text: string) {
  const normal = text.normalize('NFKC').replace(/[^\d+]/g, '')
  return { digits: normal.replace(/\D/g, '').replace(/^0+/, ''), isInternational: /^(\+|00)/.test(normal) }
}

function endsIn(whole: string, national: string): boolean {
  const codeDigits = whole.length - national.length
  return national !== '' && whole.endsWith(national) && codeDigits <= MAX_COUNTRY_CODE_DIGITS
}
