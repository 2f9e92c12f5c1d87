import { hasInvisibleEnd, isInvisible } from '../base/invisible.ts'
import type { Account } from './account.ts'
import { type PhoneNumber, readPhone } from './phone-number.ts'

/** The kinds of identifier by which GenAuth finds a user. */
export const USER_ID_TYPES = [
  'USER_ID',
  'PHONE',
  'EMAIL',
  'USERNAME',
  'EXTERNAL_ID',
  'IDENTITY',
  'SYNC_RELATION',
  'CUSTOM_FIELD',
] as const

export type UserIdType = (typeof USER_ID_TYPES)[number]

/** One user, named by an exact identifier. */
export interface UserRef {
  readonly userId: string
  readonly userIdType: UserIdType
}

/**
 * The kinds by which a supergraph may know its users. The others are personal data, or do not stand in GenAuth's
 * replies about a user.
 */
export const ENTITY_ID_TYPES = ['USER_ID', 'EXTERNAL_ID', 'USERNAME'] as const satisfies readonly UserIdType[]

export type EntityIdType = (typeof ENTITY_ID_TYPES)[number]

/** The ids of one user in each of those kinds. An id is `null` if the user has none of that kind. */
export interface UserIds extends Readonly<Record<EntityIdType, string | null>> {
  readonly USER_ID: string
}

/** A user as GenAuth replied when it was asked who an identifier names. */
export interface FoundUser {
  readonly ids: UserIds
  readonly account: Account
  /** `true` if the identifier may name another user, by GenAuth's reply. A write must not go there. */
  readonly isAmbiguous: boolean
}

const MAX_USER_ID_LENGTH = 512
/** The same as GenAuth's own limit for a batch of ids. */
export const MAX_USERS = 50

/** Another digit or letter that looks the same could be the same to GenAuth, but another user to this server. */
const VISIBLE_ASCII = /^[!-~]+$/

/**
 * Returns the fault of an identifier, or `null` if it has none. It refuses only identifiers that no GenAuth
 * deployment can mean. GenAuth judges the formats of addresses, and of phones without a country code. The text never
 * repeats the identifier.
 */
export function findUserIdFault({ userId, userIdType }: UserRef): string | null {
  if (isInvisible(userId)) return 'The identifier must not be blank.'
  if (hasInvisibleEnd(userId)) return 'The identifier must not begin or end with a blank.'
  if (userId.length > MAX_USER_ID_LENGTH) {
    return `The identifier must have at most ${MAX_USER_ID_LENGTH} characters.`
  }
  if (/\p{C}/u.test(userId)) {
    return 'The identifier must not hold control, format, private-use, surrogate or unassigned code points.'
  }
  if (userIdType === 'USER_ID' && !VISIBLE_ASCII.test(userId)) {
    return 'An identifier of the type USER_ID holds visible ASCII characters alone.'
  }
  if (userIdType === 'IDENTITY' && !hasTwoParts(userId)) {
    return 'An identity is written extIdpId:userIdInIdp, both parts filled, without a blank at their ends.'
  }
  if (userIdType === 'SYNC_RELATION' && !hasTwoParts(userId)) {
    return 'A sync relation is written provider:userIdInIdp, both parts filled, without a blank at their ends.'
  }
  const phone = userIdType === 'PHONE' ? readPhone(userId) : null
  return phone?.kind === 'FAULTY' ? phone.fault : null
}

const GENAUTH_ID = /^[0-9a-f]{24}$/i

/** Returns `true` if a text looks like GenAuth's own id, in capital letters or small ones. */
export function looksLikeGenAuthId(userId: string): boolean {
  return GENAUTH_ID.test(userId)
}

/**
 * Returns GenAuth's own id in its one spelling. GenAuth reads the digits from A to F in both cases. All code that
 * compares users, or uses them as keys, needs one of the two.
 */
export function foldGenAuthId(userId: string): string {
  return looksLikeGenAuthId(userId) ? userId.toLowerCase() : userId
}

/**
 * Returns a reference with its id or phone in one spelling, as all code behind the request handler needs it. A phone
 * has digits alone, and a `+` before its country code if it has one (E.164). GenAuth itself compares identifiers of
 * other types.
 */
export function foldUserRef({ userId, userIdType }: UserRef): UserRef {
  switch (userIdType) {
    case 'USER_ID':
      return { userId: foldGenAuthId(userId), userIdType }
    case 'PHONE':
      return { userId: foldPhone(userId), userIdType }
    default:
      return { userId, userIdType }
  }
}

/** A text with a fault stays as it is, so that the fault is found. */
function foldPhone(text: string): string {
  if (hasInvisibleEnd(text) || text.length > MAX_USER_ID_LENGTH) return text
  const phone = readPhone(text)
  switch (phone.kind) {
    case 'INTERNATIONAL':
      return phone.number.e164
    case 'NATIONAL':
      return phone.digits
    case 'FAULTY':
      return text
  }
}

/**
 * Returns the number of a user who is named by a phone with its country code. It is `null` for all other users, and
 * GenAuth is then asked by the identifier itself.
 */
export function toPhoneNumber({ userId, userIdType }: UserRef): PhoneNumber | null {
  if (userIdType !== 'PHONE' || !userId.startsWith('+')) return null
  const phone = readPhone(userId)
  return phone.kind === 'INTERNATIONAL' ? phone.number : null
}

/** Returns the fault of the length of a list of users, or `null` if it has none. */
export function findUserCountFault(count: number): string | null {
  return count >= 1 && count <= MAX_USERS ? null : `The list must name from 1 to ${MAX_USERS} users.`
}

/** Splits at the first colon only, because the id at the identity source may hold more of them. */
export function splitAtFirstColon(userId: string): { source: string; id: string } | null {
  const colon = userId.indexOf(':')
  return colon < 0 ? null : { source: userId.slice(0, colon), id: userId.slice(colon + 1) }
}

function hasTwoParts(userId: string): boolean {
  const parts = splitAtFirstColon(userId)
  return parts !== null && isPart(parts.source) && isPart(parts.id)
}

function isPart(text: string): boolean {
  return text !== '' && !hasInvisibleEnd(text)
}

/** Returns the same text for the same reference. No type holds a space, so two references never collide. */
export function toUserRefKey({ userId, userIdType }: UserRef): string {
  return `${userIdType} ${userId}`
}
