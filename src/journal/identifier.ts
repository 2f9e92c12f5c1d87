import { createHmac, type KeyObject } from 'node:crypto'
import { toUserRefKey, USER_ID_TYPES, type UserRef } from '../mfa/user-ref.ts'
import { openText, sealText } from './seal-text.ts'

/**
 * Hashes an identifier. The same key and identifier give the same hash, which finds all records of a user without
 * showing the user. The hash is keyed, because a plain hash of a phone number can be found by trying all numbers.
 */
export function hashIdentifier(key: KeyObject, user: UserRef): string {
  return createHmac('sha256', key).update(toUserRefKey(user)).digest('hex')
}

/** Seals the identifier as `sealText` does. The result is in base64url. */
export function sealIdentifier(key: KeyObject, user: UserRef, intentId: string): string {
  return sealText(key, toUserRefKey(user), intentId).toString('base64url')
}

/** @throws if the key, the intent or a single bit of the text differs */
export function openIdentifier(key: KeyObject, sealed: string, intentId: string): UserRef {
  const text = openText(key, Buffer.from(sealed, 'base64url'), intentId)
  const userIdType = USER_ID_TYPES.find(type => text.startsWith(`${type} `))
  if (userIdType === undefined) throw new Error('The sealed identifier has no known type')
  return { userIdType, userId: text.slice(userIdType.length + 1) }
}
