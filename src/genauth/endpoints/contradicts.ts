import { splitAtFirstColon, type UserRef } from '../../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'

/** A field of GenAuth's reply. A missing or empty one proves nothing. Of a masked one only the readable ends count. */
type Shown = string | null | undefined

/**
 * Returns `true` if GenAuth's reply shows that its user is not the requested one. That is so if the field of the
 * identifier is there and holds something else.
 *
 * Spellings that GenAuth may treat as equal are equal here, too. They differ in letter case, in full-width characters,
 * or in the separators of a phone. The country code of a phone counts if both sides name one.
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

/** Returns `true` if a text is the requested one. Of a masked text only the ends must match. */
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

/**
 * Compares phones by their digits. A country code counts if the reply shows one. A number that is marked as
 * international may have any country code.
 */
function isSamePhone(phone: string, countryCode: Shown, asked: string): boolean {
  const wanted = toPhone(asked)
  const code = toPhone(countryCode ?? '').digits
  if (phone.includes('*')) return fitsPhone(phone, code, wanted)
  const stored = toPhone(phone)
  const hasCode = stored.isInternational || code === '' || stored.digits.startsWith(code)
  return (
    (stored.digits === wanted.digits && (hasCode || !wanted.isInternational)) ||
    `${code}${stored.digits}` === wanted.digits ||
    `${code}${stored.dialled}` === wanted.digits ||
    (stored.isInternational && endsIn(stored.digits, wanted.digits)) ||
    (code === '' && wanted.isInternational && endsIn(wanted.digits, stored.digits))
  )
}

interface Phone {
  /** The digits without leading zeros, which are dialled in most countries but are no part of the number. */
  readonly digits: string
  /** All digits. In Italy the leading zero is a part of the number. */
  readonly dialled: string
  readonly isInternational: boolean
}

function toPhone(text: string): Phone {
  const normal = text.normalize('NFKC').replace(/[^\d+]/g, '')
  const dialled = normal.replace(/\D/g, '')
  return { digits: dialled.replace(/^0+/, ''), dialled, isInternational: /^(\+|00)/.test(normal) }
}

/** Compares the ends that a mask leaves readable. The beginning may be that of the number or of its country code. */
function fitsPhone(masked: string, code: string, wanted: Phone): boolean {
  const head = toPhone(masked.slice(0, masked.indexOf('*')))
  const tail = toPhone(masked.slice(masked.lastIndexOf('*') + 1))
  if (!wanted.dialled.endsWith(tail.dialled)) return false
  if (head.isInternational) return !wanted.isInternational || wanted.digits.startsWith(head.digits)
  if (wanted.isInternational && code === '') return true
  const national = wanted.digits.startsWith(code) ? wanted.digits.slice(code.length) : wanted.digits
  const spellings = [wanted.dialled, wanted.digits, national, `${code}${wanted.digits}`]
  return spellings.some(spelling => spelling.startsWith(head.dialled))
}

function endsIn(whole: string, national: string): boolean {
  const codeDigits = whole.length - national.length
  return national !== '' && whole.endsWith(national) && codeDigits <= MAX_COUNTRY_CODE_DIGITS
}
