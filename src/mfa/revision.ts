import { createHmac, hkdfSync } from 'node:crypto'
import { toMfaBasis, toStateBasis } from './diff.ts'
import type { MfaState } from './mfa-state.ts'

/** Names a user and a state without telling anything of either. */
export type ToRevision = (genauthId: string, state: MfaState) => string

/** Whether a revision names this state of this user, under the key in force or a former one. */
export type IsRevisionOf = (revision: string, genauthId: string, state: MfaState) => boolean

const FORMAT = 'r2.'
/** Of version 0.1: it names neither the user nor the texts for display. */
const FORMER_FORMAT = 'r1.'
const KEY_BYTES = 32
/** Half of the digest: far beyond any chance of two states sharing it. */
const REVISION_BYTES = 16

export interface Revisions {
  readonly toRevision: ToRevision
  /** Of a revision that a caller gives. One of version 0.1 never fits, since it may be another user's. */
  readonly isRevisionOf: IsRevisionOf
  /** Of a revision that stands in the journal, where the record itself names the user. */
  readonly isRecordedRevisionOf: IsRevisionOf
  /** The one in force, then former ones. */
  useSecrets(secrets: readonly [string, ...string[]]): void
}

/**
 * Revisions as `r2.` and a truncated HMAC-SHA-256 over GenAuth's id of the user and everything that a change can touch.
 * The key comes from the journal's secret, so replicas and restarts agree; without a key, the masked part of a phone
 * number could be found by trying all of them. A revision that was given out before the secret changed still holds.
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

/** The secrets of revisions, from those of the journal. Revisions from a time without an audit key hold, too. */
export function toRevisionSecrets(source: {
  readonly auditKeys: readonly string[]
  readonly accessKeySecret: string
}): [string, ...string[]] {
  const [current, ...former] = source.auditKeys
  return current === undefined ? [source.accessKeySecret] : [current, ...former, source.accessKeySecret]
}

/** What names states under one secret. */
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
  const key = Buffer.from(hkdfSync('sha256', secret, '', use, KEY_BYTES))
  return basis => {
    const digest = createHmac('sha256', key).update(JSON.stringify(basis)).digest()
    return digest.subarray(0, REVISION_BYTES).toString('base64url')
  }
}

/** What is wrong with a revision that a caller expects, or null. */
export function findRevisionFault(revision: string): string | null {
  return revision.startsWith(FORMAT) || revision.startsWith(FORMER_FORMAT)
    ? null
    : 'This is no revision that this version knows; take it from UserMfa.revision.'
}
