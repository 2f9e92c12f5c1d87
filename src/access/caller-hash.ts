import { createHmac } from 'node:crypto'
import { deriveKey } from '../base/derive-key.ts'
import { type Caller, toCallerKey } from './caller.ts'

/** 128 bits. */
const HASH_CHARACTERS = 32

/**
 * Creates names for callers in the log that do not reveal them. All tokens of one caller get the same name, on every
 * replica with the same secret. The hash is keyed, because a plain one would not hide e-mail addresses or numbers.
 *
 * @param secret `AUDIT_KEY`, or the secret that stands in for it
 * @returns 32 hexadecimal digits for each caller
 */
export function createCallerHash(secret: string): (caller: Caller) => string {
  const key = deriveKey(secret, 'genauth-graphql log caller')
  /** A caller is the same object for as long as its token is remembered. */
  const hashes = new WeakMap<Caller, string>()

  return caller => {
    const known = hashes.get(caller)
    if (known !== undefined) return known
    const hash = createHmac('sha256', key).update(toCallerKey(caller)).digest('hex').slice(0, HASH_CHARACTERS)
    hashes.set(caller, hash)
    return hash
  }
}
