import type { KeyObject } from 'node:crypto'
import type { UsableKey } from './usable-keys.ts'

/** What a token's header says of its key. Anything but a text names none. */
export interface KeyHint {
  readonly alg?: unknown
  readonly kid?: unknown
}

/** The keys that may have signed a token; none if no key fits. */
export type FindKeys = (hint: KeyHint) => readonly KeyObject[]

/**
 * Finds keys by algorithm and name. A name is optional in both places (RFC 7517, section 4.5; RFC 7515, section
 * 4.1.4): a token without one may be signed by any key that fits, and a key without one may have signed any token
 * whose name no key has. Which of them it was, the signature tells.
 */
export function createFindKeys(keys: readonly UsableKey[]): FindKeys {
  return ({ alg, kid }) => {
    if (kid !== undefined && typeof kid !== 'string') return []
    const fitting = keys.filter(({ algorithms }) => typeof alg === 'string' && algorithms.has(alg))
    const named = kid === undefined ? fitting : fitting.filter(key => key.kid === kid)
    const candidates = named.length > 0 ? named : fitting.filter(key => key.kid === null)
    return candidates.map(({ publicKey }) => publicKey)
  }
}
