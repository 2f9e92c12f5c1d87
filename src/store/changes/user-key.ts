import type { ChangeUser } from '../../history/change-entry.ts'
import { fromIdBytes, toIdBytes } from '../id-bytes.ts'

/** Begins a hash. No ID begins with it, because an ID of other than 12 bytes begins with a zero byte. */
const HASH = 0xff
const HASH_KEY_BYTES = 33

/** Returns the bytes by which a user's changes are found. */
export function toUserKey(user: ChangeUser): Buffer {
  return user.kind === 'ID' ? toIdBytes(user.userId) : toHashKey(user.idHash)
}

/** @param idHash hexadecimal digits */
export function toHashKey(idHash: string): Buffer {
  return Buffer.concat([Buffer.of(HASH), Buffer.from(idHash, 'hex')])
}

/** @param sealedId `null` unless the key is a hash */
export function fromUserKey(stored: Uint8Array | ArrayBuffer, sealedId: string | null): ChangeUser {
  const bytes = Buffer.from(new Uint8Array(stored))
  return sealedId !== null && bytes.length === HASH_KEY_BYTES && bytes[0] === HASH
    ? { kind: 'SEALED', idHash: bytes.toString('hex', 1), sealedId }
    : { kind: 'ID', userId: fromIdBytes(stored) }
}
