import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

const KEY_BYTES = 32

/**
 * Derives one key of 256 bits for each use from a secret, so that none of them helps against another. HKDF spreads a
 * secret and adds no strength, so the secret must be random, not a password.
 *
 * The key is a `KeyObject`. Node 24 makes one anew for each hash if it is given bytes, which takes six times as long.
 */
export function deriveKey(secret: string | KeyObject, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES)))
}
