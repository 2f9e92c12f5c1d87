import type { FieldError } from '../mfa/failure-details.ts'
import type { CoverageFilter } from './coverage-filter.ts'
import { findListFault } from './find-list-fault.ts'
import { findTextFault } from './find-text-fault.ts'
import type { ScanDepth } from './scan.ts'

const MAX_DEPARTMENTS = 200
const LISTS = ['postures', 'departmentIds', 'statuses'] as const
const OF_BINDINGS = ['withoutBoundFactor', 'boundFactor', 'notBoundFactor'] as const

/**
 * Returns the faults of a filter for the rows of a scan. Its depth may not have asked for what the filter asks about,
 * or two conditions may exclude each other. Such a filter would find nobody, which would look like a result.
 */
export function findFilterFaults(filter: CoverageFilter, depth: ScanDepth): FieldError[] {
  const faults: FieldError[] = LISTS.flatMap(name => {
    const message = findListFault(filter[name], MAX_DEPARTMENTS)
    return message === null ? [] : [{ path: [name], message }]
  })
  if (faults.length > 0) return faults
  ;(filter.departmentIds ?? []).forEach((id, index) => {
    const message = findTextFault(id)
    if (message !== null) faults.push({ path: ['departmentIds', `${index}`], message })
  })
  const { lastSignInAfterMs, lastSignInBeforeMs } = filter
  if (lastSignInAfterMs !== null && lastSignInBeforeMs !== null && lastSignInAfterMs >= lastSignInBeforeMs) {
    faults.push({ path: ['lastSignInBefore'], message: 'The time must be later than lastSignInAfter.' })
  }
  faults.push(...findContradictions(filter))
  if (depth === 'ACTIVITY') {
    for (const name of OF_BINDINGS) {
      if (filter[name] !== null) faults.push({ path: [name], message: toDepthMessage('BINDINGS or FULL') })
    }
  }
  if (depth !== 'FULL' && filter.postures !== null) {
    faults.push({ path: ['postures'], message: toDepthMessage('FULL') })
  }
  return faults
}

function findContradictions(filter: CoverageFilter): FieldError[] {
  const { boundFactor, notBoundFactor, withoutBoundFactor, neverVerified, lastMfaBeforeMs } = filter
  const pairs: [isContradiction: boolean, name: string, other: string][] = [
    [boundFactor !== null && withoutBoundFactor === true, 'boundFactor', 'withoutBoundFactor'],
    [boundFactor !== null && boundFactor === notBoundFactor, 'notBoundFactor', 'boundFactor'],
    [lastMfaBeforeMs !== null && neverVerified === true, 'lastMfaBefore', 'neverVerified'],
  ]
  return pairs.flatMap(([isContradiction, name, other]) =>
    isContradiction ? [{ path: [name], message: `It excludes ${other}, so no row would fit both.` }] : [],
  )
}

function toDepthMessage(depths: string): string {
  return `The scan did not ask GenAuth for this. Start one of the depth ${depths}.`
}
