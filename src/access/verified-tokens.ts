import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../base/clock.ts'
import type { Caller } from './caller.ts'

/** The result of a verified token. */
interface VerifiedToken {
  readonly caller: Caller
  /** The version of the keys that verified it. */
  readonly keysVersion: number
  /** The end of the token, in milliseconds since 1970. */
  readonly untilMs: number
}

/** Remembers the callers of recently verified tokens, so that not every request costs a signature check. */
export interface VerifiedTokens {
  find(token: string): Caller | null
  keep(token: string, verified: VerifiedToken): void
}

export interface VerifiedTokensOptions {
  /** Changes whenever the issuer's keys change, because one may have been withdrawn. */
  readonly keysVersion: () => number
  readonly clock: Clock
}

interface KeptToken extends VerifiedToken {
  readonly sinceMs: number
}

const MAX_AGE_MS = 60_000
const MAX_TOKENS = 1_000

/**
 * Remembers at most 1,000 tokens. Each is remembered for a minute, until it ends or until the keys change, whichever
 * comes first. Only digests of tokens are kept. The cache does not decide on ages, because it sees no change of keys
 * and no clock that is set back.
 */
export function createVerifiedTokens({ keysVersion, clock }: VerifiedTokensOptions): VerifiedTokens {
  const byDigest = new LRUCache<string, KeptToken>({ max: MAX_TOKENS })

  return {
    find(token) {
      const verified = byDigest.get(toDigest(token))
      if (verified === undefined) return null
      // After the clock was set back, the age proves nothing.
      const isFresh = clock.now() >= verified.sinceMs && clock.now() < verified.untilMs
      return isFresh && verified.keysVersion === keysVersion() ? verified.caller : null
    },
    keep(token, { caller, keysVersion: version, untilMs: endsAtMs }) {
      const sinceMs = clock.now()
      const untilMs = Math.min(endsAtMs, sinceMs + MAX_AGE_MS)
      byDigest.set(toDigest(token), { caller, keysVersion: version, sinceMs, untilMs })
    },
  }
}

function toDigest(token: string): string {
  return hash('sha256', token, 'base64url')
}
