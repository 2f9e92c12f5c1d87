import { splitAtFirstColon, type UserRef } from '../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'

/** A field that GenAuth's reply leaves out, empties or masks says nothing. */
type Shown = string | null | undefined

/**
 * Whether GenAuth's reply shows that its user is not the one who was asked for: the field of that identifier is
 * there, and holds something else. Spellings that GenAuth may take for the same are the same here: letter case and
 * full-width characters, and of a phone its separators and its country code.
 */
export function contradicts(user: GenAuthUser, { userId, userIdType }: UserRef): boolean {
  switch (userIdType) {
    case 'USER_ID':
      return user.userId !== userId
    case 'PHONE':
      return isShown(user.phone) && !isSamePhone(user.phone, user.phoneCountryCode, userId)
    case 'EMAIL':
      return isShown(user.email) && fold(user.email) !== fold(userId)
    case 'USERNAME':
      return isShown(user.username) && fold(user.username) !== fold(userId)
    case 'EXTERNAL_ID':
      return isShown(user.externalId) && user.externalId !== userId
    case 'IDENTITY':
      return hasOtherIdentities(user, splitAtFirstColon(userId)?.id ?? userId)
    case 'SYNC_RELATION':
    case 'CUSTOM_FIELD':
      return false
  }
}

function isShown(text: Shown): text is string {
  return text != null && text !== '' && !text.includes('*')
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function hasOtherIdentities({ identities }: GenAuthUser, idInIdp: string): boolean {
  const ids = (identities ?? []).map(({ userIdInIdp }) => userIdInIdp)
  return ids.length > 0 && ids.every(isShown) && !ids.includes(idInIdp)
}

const MAX_COUNTRY_CODE_DIGITS = 3

/** By digits. A country code counts where one is shown, and a number that says that it holds one may hold any. */
function isSamePhone(phone: string, countryCode: Shown, asked: string): boolean {
  const [stored, wanted] = [toPhone(phone), toPhone(asked)]
  const code = toPhone(countryCode ?? '').digits
  return (
    stored.digits === wanted.digits ||
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
