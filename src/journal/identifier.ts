import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto'
import { toUserRefKey, USER_ID_TYPES, type UserRef } from '../mfa/user-ref.ts'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Hashes an identifier. The same key and identifier give the same hash, which finds all records of a user without
 * showing the user. The hash is keyed, because a plain hash of a phone number can be found by trying all numbers.
 */
export function hashIdentifier(key: Buffer, user: UserRef): string {
  return createHmac('sha256', key).update(toUserRefKey(user)).digest('hex')
}

/**
 * Encrypts the identifier for the holder of the key, bound to one intent. The result is IV, ciphertext and tag in
 * base64url.
 */
export function sealIdentifier(key: Buffer, user: UserRef, intentId: string): string {
  const iv = toIv()
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(intentId))
  const sealed = [iv, cipher.update(toUserRefKey(user), 'utf8'), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat(sealed).toString('base64url')
}

/** Random bytes are fetched for many seals, because fetching them for one costs as much as the rest of the seal. */
const ivs = Buffer.alloc(64 * IV_BYTES)
let used = ivs.length

function toIv(): Buffer {
  if (used === ivs.length) {
    randomFillSync(ivs)
    used = 0
  }
  used += IV_BYTES
  return ivs.subarray(used - IV_BYTES, used)
}

/** @throws if the key, the intent or a single bit of the text differs */
export function openIdentifier(key: Buffer, sealed: string, intentId: string): UserRef {
  const bytes = Buffer.from(sealed, 'base64url')
  const iv = bytes.subarray(0, IV_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(intentId))
    .setAuthTag(bytes.subarray(-TAG_BYTES))
  const text = `${decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)).toString('utf8')}${decipher.final('utf8')}`
  const userIdType = USER_ID_TYPES.find(type => text.startsWith(`${type} `))
  if (userIdType === undefined) throw new Error('The sealed identifier has no known type')
  return { userIdType, userId: text.slice(userIdType.length + 1) }
}
