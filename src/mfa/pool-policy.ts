import { createHash } from 'node:crypto'
import { MFA_FACTOR_TYPES, type MfaFactorType, toMfaFactorType } from './factor.ts'

/** The factors that the user pool has on. */
export interface MfaPoolPolicy {
  /** In the order of `MFA_FACTOR_TYPES`. */
  readonly enabledFactors: readonly MfaFactorType[]
  /** The codes that this version does not know. They are shown and kept, but never changed. */
  readonly otherFactors: readonly string[]
  /** Names this set of factors. */
  readonly revision: string
}

const FORMAT = 'p1.'
const REVISION_BYTES = 16

/** Returns the policy that has these codes on. Their order does not matter. */
export function toPoolPolicy(codes: readonly string[]): MfaPoolPolicy {
  return {
    enabledFactors: MFA_FACTOR_TYPES.filter(type => codes.includes(type)),
    otherFactors: codes.filter(code => toMfaFactorType(code) === null),
    revision: toPoolRevision(codes),
  }
}

/** Returns all codes of a policy. */
export function toPoolCodes({
  enabledFactors,
  otherFactors,
}: Pick<MfaPoolPolicy, 'enabledFactors' | 'otherFactors'>) {
  return [...enabledFactors, ...otherFactors]
}

/**
 * Returns the revision of a policy with these codes: `p1.` and half of a SHA-256. It needs no key, because it hides
 * nothing: every caller who may see it may see the codes.
 */
function toPoolRevision(codes: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([...codes].sort()))
    .digest()
  return `${FORMAT}${digest.subarray(0, REVISION_BYTES).toString('base64url')}`
}

/** Returns the fault of a revision that a caller expects, or `null` if it has none. */
export function findPoolRevisionFault(revision: string): string | null {
  return revision.startsWith(FORMAT)
    ? null
    : 'This is no revision that this version knows; take it from MfaPoolPolicy.revision.'
}
