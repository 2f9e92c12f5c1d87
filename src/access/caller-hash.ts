import { createHmac, hkdfSync } from 'node:crypto'
import { type Caller, toCallerKey } from './caller.ts'

const KEY_BYTES = 32
/** 128 bits. */
const HASH_CHARACTERS = 32

/**
 * Names callers in the log without saying who they are: the same for every token of one caller under the same secret, on
 * every replica. Keyed, since subjects are often e-mail addresses or numbers, which a plain hash does not hide.
 *
 * @param secret `AUDIT_KEY`, or what stands in for it
 * @returns 32 hexadecimal digits for each caller
 */
export function createCallerHash(secret: string): (caller: Caller) => string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'genauth-graphql log caller', KEY_BYTES))
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
