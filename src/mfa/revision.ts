import { createHmac, hkdfSync } from 'node:crypto'
import { toMfaBasis } from './diff.ts'
import type { MfaState } from './mfa-state.ts'

/** Names a state without telling anything of it. */
export type ToRevision = (state: MfaState) => string

const FORMAT = 'r1.'
const KEY_BYTES = 32
/** Half of the digest: far beyond any chance of two states sharing it. */
const REVISION_BYTES = 16

/**
 * Revisions as `r1.` and a truncated HMAC-SHA-256 over all that decides how a user signs in. The key comes from
 * the access key's secret, so replicas and restarts agree; without a key, the masked part of a phone number
 * could be found by trying all of them.
 */
export function createRevisions(accessKeySecret: string): ToRevision {
  const key = Buffer.from(hkdfSync('sha256', accessKeySecret, '', 'genauth-graphql revision', KEY_BYTES))
  return state => {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify(toMfaBasis(state)))
      .digest()
    return `${FORMAT}${digest.subarray(0, REVISION_BYTES).toString('base64url')}`
  }
}

/** What is wrong with a revision that a caller expects, or null. */
export function findRevisionFault(revision: string): string | null {
  return revision.startsWith(FORMAT)
    ? null
    : 'This is no revision that this version knows; take it from UserMfa.revision.'
}
