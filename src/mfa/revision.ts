import { createHmac, hkdfSync } from 'node:crypto'
import { toMfaBasis } from './diff.ts'
import type { MfaState } from './mfa-state.ts'

/** Names a state without telling anything of it. */
export type ToRevision = (state: MfaState) => string

const FORMAT = 'r1.'
const KEY_BYTES = 32
/** Half of the digest: far beyond any chance of two states sharing it. */
const REVISION_BYTES = 16

/** Whether a revision names a state, under the key in force or a former one. */
export type IsRevisionOf = (revision: string, state: MfaState) => boolean

export interface Revisions {
  readonly toRevision: ToRevision
  readonly isRevisionOf: IsRevisionOf
  /** The one in force, then former ones. */
  useSecrets(secrets: readonly [string, ...string[]]): void
}

/**
 * Revisions as `r1.` and a truncated HMAC-SHA-256 over all that decides how a user signs in. The key comes from
 * the journal's secret, so replicas and restarts agree; without a key, the masked part of a phone number could be
 * found by trying all of them. A revision that was given out before the secret changed still holds.
 */
export function createRevisions(secrets: readonly [string, ...string[]]): Revisions {
  let [current, ...former] = toRevisionFunctions(secrets)
  return {
    toRevision: state => current(state),
    isRevisionOf: (revision, state) =>
      [current, ...former].some(toRevision => toRevision(state) === revision),
    useSecrets(next) {
      ;[current, ...former] = toRevisionFunctions(next)
    },
  }
}

function toRevisionFunctions([current, ...former]: readonly [string, ...string[]]): [
  ToRevision,
  ...ToRevision[],
] {
  return [toRevisionFunction(current), ...former.map(toRevisionFunction)]
}

function toRevisionFunction(secret: string): ToRevision {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'genauth-graphql revision', KEY_BYTES))
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
