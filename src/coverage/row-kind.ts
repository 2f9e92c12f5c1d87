import type { CoverageFilter } from './coverage-filter.ts'
import type { CoverageRow } from './coverage-row.ts'

/** What many rows have in common: all that a filter asks about, but for departments and times. */
export interface RowKind extends Pick<CoverageRow, 'status' | 'bindings' | 'posture'> {
  /** `true` if GenAuth knows of an MFA. */
  readonly isVerified: boolean
  /** `true` if GenAuth knows of a sign-in. */
  readonly hasSignedIn: boolean
}

export function toRowKind(row: CoverageRow): RowKind {
  const { status, bindings, posture, lastMfaAtMs, lastSignInAtMs } = row
  return { status, bindings, posture, isVerified: lastMfaAtMs !== null, hasSignedIn: lastSignInAtMs !== null }
}

/** Returns `true` if GenAuth says of each factor that it is not bound. */
export function isWithoutBoundFactor({ bindings }: Pick<CoverageRow, 'bindings'>): boolean {
  return bindings !== null && Object.values(bindings).every(isBound => isBound === false)
}

/** Returns `true` if rows of this kind fit the filter, as far as a kind can tell. What is `null` fits no condition. */
export function fitsKind(kind: RowKind, filter: CoverageFilter): boolean {
  const { status, bindings, posture, isVerified, hasSignedIn } = kind
  const { withoutBoundFactor, boundFactor, notBoundFactor } = filter
  const hasBoundFactor = bindings !== null && Object.values(bindings).includes(true)
  return (
    isOneOf(posture, filter.postures) &&
    isOneOf(status, filter.statuses) &&
    (withoutBoundFactor !== true || isWithoutBoundFactor(kind)) &&
    (withoutBoundFactor !== false || hasBoundFactor) &&
    (boundFactor === null || bindings?.[boundFactor] === true) &&
    (notBoundFactor === null || bindings?.[notBoundFactor] === false) &&
    (filter.neverVerified === null || filter.neverVerified !== isVerified) &&
    (filter.lastMfaBeforeMs === null || isVerified) &&
    (filter.lastSignInAfterMs === null || hasSignedIn) &&
    (filter.lastSignInBeforeMs === null || hasSignedIn)
  )
}

function isOneOf<T>(value: T | null, wanted: readonly T[] | null): boolean {
  return wanted === null || (value !== null && wanted.includes(value))
}
