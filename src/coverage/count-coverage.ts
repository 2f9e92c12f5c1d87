import type { MfaPosture } from '../mfa/bindings.ts'
import type { MfaFactorType } from '../mfa/factor.ts'
import {
  type CoverageSummary,
  type DepartmentCount,
  type FactorCount,
  MAX_SUMMARY_DEPARTMENTS,
} from './coverage-summary.ts'
import { isWithoutBoundFactor, type RowKind } from './row-kind.ts'

/** How many users of a scan have what in common. */
export interface CoverageCounts {
  readonly kinds: readonly { readonly kind: RowKind; readonly users: number }[]
  readonly enabledFactors: readonly { readonly codes: readonly string[]; readonly users: number }[]
  readonly departments: readonly DepartmentCount[]
}

/** Adds up the counts of a scan. */
export function countCoverage(counts: CoverageCounts): Omit<CoverageSummary, 'poolFactors'> {
  const { kinds, enabledFactors, departments } = counts
  const usersIf = (fits: (kind: RowKind) => boolean) => add(kinds.filter(({ kind }) => fits(kind)))
  const ofPosture = (wanted: MfaPosture) => usersIf(({ posture }) => posture === wanted)
  const ofFactor = (type: MfaFactorType): FactorCount => ({
    bound: usersIf(({ bindings }) => bindings?.[type] === true),
    enabled: add(enabledFactors.filter(({ codes }) => codes.includes(type))),
  })
  return {
    users: usersIf(() => true),
    withoutBoundFactor: usersIf(isWithoutBoundFactor),
    neverVerified: usersIf(({ isVerified }) => !isVerified),
    byPosture: {
      PROTECTED: ofPosture('PROTECTED'),
      PENDING: ofPosture('PENDING'),
      UNPROTECTED: ofPosture('UNPROTECTED'),
      UNKNOWN: ofPosture('UNKNOWN'),
    },
    byFactor: {
      SMS: ofFactor('SMS'),
      EMAIL: ofFactor('EMAIL'),
      OTP: ofFactor('OTP'),
      FACE: ofFactor('FACE'),
    },
    byDepartment: departments.toSorted(bySize).slice(0, MAX_SUMMARY_DEPARTMENTS),
  }
}

function add(counted: readonly { readonly users: number }[]): number {
  return counted.reduce((all, { users }) => all + users, 0)
}

function bySize(a: DepartmentCount, b: DepartmentCount): number {
  if (a.users !== b.users) return b.users - a.users
  return a.departmentId < b.departmentId ? -1 : 1
}
