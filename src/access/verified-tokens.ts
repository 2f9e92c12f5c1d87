import { hash } from 'node:crypto'
import type { Caller } from './caller.ts'

/** Callers whose tokens were verified a moment ago, so that not every request costs a signature check. */
export interface VerifiedTokens {
  find(token: string): Caller | null
  /** `untilMs`: when the token ends, in milliseconds since 1970. */
  keep(token: string, caller: Caller, untilMs: number): void
}

export interface VerifiedTokensOptions {
  /** Changes with every load of the issuer's keys: a key may have been withdrawn. */
  readonly keysVersion: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Verified {
  readonly caller: Caller
  readonly keysVersion: number
  readonly sinceMs: number
  readonly untilMs: number
}

const MAX_AGE_MS = 60_000
const MAX_TOKENS = 1_000

/**
 * Remembers at most 1,000 tokens, each for a minute, until it ends or until the keys are loaded again, whichever
 * comes first. Tokens themselves are not kept, only their digests.
 */
export function createVerifiedTokens({ keysVersion, now }: VerifiedTokensOptions): VerifiedTokens {
  const byDigest = new Map<string, Verified>()

  return {
    find(token) {
      const verified = byDigest.get(toDigest(token))
      if (verified === undefined) return null
      // A clock that was set back proves nothing.
      const isFresh = now() >= verified.sinceMs && now() < verified.untilMs
      return isFresh && verified.keysVersion === keysVersion() ? verified.caller : null
    },
    keep(token, caller, endsAtMs) {
      const sinceMs = now()
      const untilMs = Math.min(endsAtMs, sinceMs + MAX_AGE_MS)
      const digest = toDigest(token)
      byDigest.delete(digest)
      for (const oldest of byDigest.keys()) {
        if (byDigest.size < MAX_TOKENS) break
        byDigest.delete(oldest)
      }
      byDigest.set(digest, { caller, keysVersion: keysVersion(), sinceMs, untilMs })
    },
  }
}

function toDigest(token: string): string {
  return hash('sha256', token, 'base64url')
}
