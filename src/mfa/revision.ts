import { createHmac } from 'node:crypto'
import { deriveKey } from '../base/derive-key.ts'
import { toMfaBasis, toStateBasis } from './diff.ts'
import type { MfaState } from './mfa-state.ts'

/** Returns the revision of a user's state. It tells nothing of either. */
export type ToRevision = (genauthId: string, state: MfaState) => string

/** Returns `true` if a revision names this state of this user, under the current key or a former one. */
export type IsRevisionOf = (revision: string, genauthId: string, state: MfaState) => boolean

const FORMAT = 'r2.'
/** The format of version 0.1. It names neither the user nor the texts for display. */
const FORMER_FORMAT = 'r1.'
/** Half of the digest, which is far too long for two states to share it by chance. */
const REVISION_BYTES = 16

export interface Revisions {
  readonly toRevision: ToRevision
  /** Judges a revision that a caller gives. One of version 0.1 never fits, because it may belong to another user. */
  readonly isRevisionOf: IsRevisionOf
  /** Judges a revision in the journal, where the record itself names the user. */
  readonly isRecordedRevisionOf: IsRevisionOf
  /** Continues with these secrets: the current one, then former ones. */
  useSecrets(secrets: readonly [string, ...string[]]): void
}

/**
 * Creates revisions of the form `r2.` and a truncated HMAC-SHA-256. It covers GenAuth's id of the user and everything
 * that a change can touch. The key comes from the secret of the journal, so replicas and restarts agree. Without a
 * key, a caller could find the masked part of a phone number by trying all of them. A revision from before a change
 * of the secret still holds.
 */
export function createRevisions(secrets: readonly [string, ...string[]]): Revisions {
  let [current, ...others] = toNamers(secrets)
  const isRevisionOf: IsRevisionOf = (revision, genauthId, state) =>
    [current, ...others].some(({ toRevision }) => toRevision(genauthId, state) === revision)
  return {
    toRevision: (genauthId, state) => current.toRevision(genauthId, state),
    isRevisionOf,
    isRecordedRevisionOf: (revision, genauthId, state) =>
      revision.startsWith(FORMER_FORMAT)
        ? [current, ...others].some(({ toFormer }) => toFormer(state) === revision)
        : isRevisionOf(revision, genauthId, state),
    useSecrets(next) {
      ;[current, ...others] = toNamers(next)
    },
  }
}

/**
 * Returns the secrets of revisions, from those of the journal. Revisions from a time without an audit key hold, too.
 */
export function toRevisionSecrets(source: {
  readonly auditKeys: readonly string[]
  readonly accessKeySecret: string
}): [string, ...string[]] {
  const [current, ...former] = source.auditKeys
  return current === undefined ? [source.accessKeySecret] : [current, ...former, source.accessKeySecret]
}

/** Names states under one secret. */
interface Namer {
  readonly toRevision: ToRevision
  readonly toFormer: (state: MfaState) => string
}

function toNamers([current, ...former]: readonly [string, ...string[]]): [Namer, ...Namer[]] {
  return [toNamer(current), ...former.map(toNamer)]
}

function toNamer(secret: string): Namer {
  const sign = toSigner(secret, 'genauth-graphql revision 2')
  const signFormer = toSigner(secret, 'genauth-graphql revision')
  return {
    toRevision: (genauthId, state) => `${FORMAT}${sign([genauthId, ...toStateBasis(state)])}`,
    toFormer: state => `${FORMER_FORMAT}${signFormer(toMfaBasis(state))}`,
  }
}

function toSigner(secret: string, use: string): (basis: readonly unknown[]) => string {
  const key = deriveKey(secret, use)
  return basis => {
    const digest = createHmac('sha256', key).update(JSON.stringify(basis)).digest()
    return digest.subarray(0, REVISION_BYTES).toString('base64url')
  }
}

/** Returns the fault of a revision that a caller expects, or `null` if it has none. */
export function findRevisionFault(revision: string): string | null {
  return revision.startsWith(FORMAT) || revision.startsWith(FORMER_FORMAT)
    ? null
    : 'This is no revision that this version knows; take it from UserMfa.revision.'
}
