import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Caller } from './caller.ts'

/** A token that was found good. */
export interface VerifiedToken {
  readonly caller: Caller
  /** Of the keys that it was verified by. */
  readonly keysVersion: number
  /** When it ends, in milliseconds since 1970. */
  readonly untilMs: number
}

/** Callers whose tokens were verified a moment ago, so that not every request costs a signature check. */
export interface VerifiedTokens {
  find(token: string): Caller | null
  keep(token: string, verified: VerifiedToken): void
}

export interface VerifiedTokensOptions {
  /** Changes whenever the issuer's keys do: one may have been withdrawn. */
  readonly keysVersion: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface KeptToken extends VerifiedToken {
  readonly sinceMs: number
}

const MAX_AGE_MS = 60_000
const MAX_TOKENS = 1_000

/**
 * Remembers at most 1,000 tokens, each for a minute, until it ends or until the keys change, whichever comes first.
 * Tokens themselves are not kept, only their digests. The ages are not left to the cache: it sees no clock that is set
 * back and no change of keys.
 */
export function createVerifiedTokens({ keysVersion, now }: VerifiedTokensOptions): VerifiedTokens {
  const byDigest = new LRUCache<string, KeptToken>({ max: MAX_TOKENS })

  return {
    find(token) {
      const verified = byDigest.get(toDigest(token))
      if (verified === undefined) return null
      // A clock that was set back proves nothing.
      const isFresh = now() >= verified.sinceMs && now() < verified.untilMs
      return isFresh && verified.keysVersion === keysVersion() ? verified.caller : null
    },
    keep(token, { caller, keysVersion: version, untilMs: endsAtMs }) {
      const sinceMs = now()
      const untilMs = Math.min(endsAtMs, sinceMs + MAX_AGE_MS)
      byDigest.set(toDigest(token), { caller, keysVersion: version, sinceMs, untilMs })
    },
  }
}

function toDigest(token: string): string {
  return hash('sha256', token, 'base64url')
}
