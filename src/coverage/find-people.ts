import type { CallerContext } from '../mfa/call-context.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import { fail, type MfaFailure, type Result, refusedInput, succeed, toReadFailure } from '../mfa/failure.ts'
import { findSearchFaults } from './find-search-faults.ts'
import type { ListedUser, ScanUpstreamFor, UserPage } from './scan-upstream.ts'

export interface FindPeopleOptions {
  readonly upstreamFor: ScanUpstreamFor
  readonly limitsOf: (callerKey: string) => CallerLimits
}

/** The people that a search found. */
export interface FoundPeople {
  readonly people: readonly Pick<ListedUser, 'ids' | 'account'>[]
  /** `true` if GenAuth found more users than these. */
  readonly hasMore: boolean
}

/**
 * Searches users by a part of a phone, address or name, in one call. Each person who is shown counts as a read of the
 * caller, and a search counts as at least one. A search that finds nobody counts as a miss.
 */
export type FindPeople = (
  context: CallerContext,
  search: string,
  first: number,
) => Promise<Result<FoundPeople>>

export function createFindPeople({ upstreamFor, limitsOf }: FindPeopleOptions): FindPeople {
  return async (context, given, first) => {
    const search = given.trim()
    const faults = findSearchFaults(search, first)
    if (faults.length > 0) return fail(refusedInput(faults))
    const limits = limitsOf(context.callerKey)
    const counted = await limits.countRead()
    if (!counted.ok) return counted

    const upstream = upstreamFor({ ...context, priority: 'READ' })
    const found = await countingMiss(limits, context, () => upstream.searchUsers(search, first))
    if (!found.ok) return fail(toSearchFailure(found.failure))
    const { totalCount } = found.value
    // GenAuth may ignore the number that it was asked for.
    const people = found.value.users.slice(0, first)
    const others = await Promise.all(people.slice(1).map(() => limits.countRead()))
    const refused = others.find(result => !result.ok)
    if (refused !== undefined && !refused.ok) return refused
    return succeed({ people, hasMore: totalCount > people.length })
  }
}

/** A miss is counted before GenAuth is asked, and given back if it finds somebody or does not reply. */
async function countingMiss(
  limits: CallerLimits,
  { deadline }: CallerContext,
  search: () => Promise<Result<UserPage>>,
): Promise<Result<UserPage>> {
  const reserved = await limits.reserveMisses(1, deadline)
  if (!reserved.ok) return reserved
  let misses = 1
  try {
    const found = await search()
    if (!found.ok || found.value.totalCount > 0) misses = 0
    return found
  } finally {
    reserved.value.conclude(misses)
  }
}

/** A search names no user. GenAuth's "not found" is a refusal of the call then. */
function toSearchFailure(failure: MfaFailure): MfaFailure {
  if (failure.kind === 'INVALID_INPUT') {
    const fieldErrors = failure.fieldErrors.map(({ message }) => ({ path: ['search'], message }))
    return { ...failure, fieldErrors }
  }
  return failure.kind === 'USER_NOT_FOUND'
    ? { kind: 'OPERATION_REFUSED', upstream: failure.upstream }
    : toReadFailure(failure)
}
