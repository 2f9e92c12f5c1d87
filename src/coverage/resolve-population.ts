import { limitConcurrency } from '../base/limit-concurrency.ts'
import type { AccountStatus } from '../mfa/account.ts'
import type { CallerScope } from '../mfa/caller-scope.ts'
import {
  fail,
  type MfaFailure,
  type Result,
  refusedInput,
  succeed,
  toReadFailure,
  type UpstreamResult,
} from '../mfa/failure.ts'
import type { FieldError } from '../mfa/failure-details.ts'
import { findUsers, toCertainId } from '../mfa/find-user-ids.ts'
import { foldUserRef } from '../mfa/user-ref.ts'
import type { Population, PopulationDepartment } from './population.ts'
import type { ScanUpstream } from './scan-upstream.ts'
import type { WantedPopulation } from './wanted-scan.ts'

/** The circumstances in which the names of a population are looked up. */
export interface PopulationScope extends CallerScope {
  readonly upstream: CallerScope['upstream'] & ScanUpstream
}

/** Names that are looked up at the same time. */
const MAX_CONCURRENT_CALLS = 8

/** What is wrong with one value, or the failure by which nobody knows. */
type Finding = { readonly fault: FieldError } | { readonly failure: MfaFailure } | null

/**
 * Asks GenAuth whether it knows each department, group, application and user that a population names. Each counts as a
 * read of the caller. The paths of faults are relative to the population.
 */
export async function resolvePopulation(
  scope: PopulationScope,
  wanted: WantedPopulation,
): Promise<Result<Population>> {
  const { upstream } = scope
  const { departments, groups, signedInTo, exceptUsers, exceptGroups } = withoutNull(wanted)
  const found = await findUsers(scope, exceptUsers.map(foldUserRef))
  const ids = found.map(toCertainId)
  const check = createCheck(scope)
  const findings = await Promise.all([
    ...departments.map(({ organizationCode, departmentId }, index) =>
      check(['departments', `${index}`], 'department or organization', () =>
        upstream.listDepartments(organizationCode, departmentId),
      ),
    ),
    ...Object.entries({ groups, exceptGroups }).flatMap(([name, codes]) =>
      codes.map((code, index) =>
        check([name, `${index}`], 'group', () => upstream.listGroupMembers(code, 1)),
      ),
    ),
    ...signedInTo.map((id, index) =>
      check(['signedInTo', `${index}`], 'application', () => upstream.findApplication(id)),
    ),
    ...ids.map((id, index) => (id.ok ? null : toUserFinding(index, id.failure))),
  ])
  const faults: FieldError[] = []
  for (const finding of findings) {
    if (finding === null) continue
    if ('failure' in finding) return fail(toReadFailure(finding.failure))
    faults.push(finding.fault)
  }
  if (faults.length > 0) return fail(refusedInput(faults))
  return succeed<Population>({
    departments: withoutCopies(departments),
    groups: [...new Set(groups)],
    statuses: [...new Set<AccountStatus>(wanted.statuses ?? ['ACTIVATED'])],
    signedInTo: [...new Set(signedInTo)],
    lastSignInAfterMs: wanted.lastSignInAfterMs,
    lastSignInBeforeMs: wanted.lastSignInBeforeMs,
    exceptUserIds: [...new Set(ids.flatMap(id => (id.ok ? [id.value] : [])))],
    exceptGroups: [...new Set(exceptGroups)],
  })
}

function withoutNull(wanted: WantedPopulation) {
  return {
    departments: wanted.departments ?? [],
    groups: wanted.groups ?? [],
    signedInTo: wanted.signedInTo ?? [],
    exceptUsers: wanted.exceptUsers ?? [],
    exceptGroups: wanted.exceptGroups ?? [],
  }
}

function withoutCopies(departments: readonly PopulationDepartment[]): readonly PopulationDepartment[] {
  return [...new Map(departments.map(department => [JSON.stringify(department), department])).values()]
}

function createCheck({ limits }: PopulationScope) {
  const limited = limitConcurrency(MAX_CONCURRENT_CALLS)
  return (path: string[], what: string, call: () => Promise<UpstreamResult<unknown>>): Promise<Finding> =>
    limited(async () => {
      const counted = await limits.countRead()
      const reply = counted.ok ? await call() : counted
      return reply.ok ? null : toFinding(path, `GenAuth knows no such ${what}.`, reply.failure)
    })
}

function toFinding(path: string[], message: string, failure: MfaFailure): Finding {
  return isAboutValue(failure) ? { fault: { path, message } } : { failure }
}

function isAboutValue({ kind }: MfaFailure): boolean {
  return kind === 'USER_NOT_FOUND' || kind === 'INVALID_INPUT'
}

function toUserFinding(index: number, failure: MfaFailure): Finding {
  const path = ['exceptUsers', `${index}`]
  if (failure.kind === 'AMBIGUOUS_USER') {
    return { fault: { path, message: 'The identifier may name another user. Name the user by USER_ID.' } }
  }
  return toFinding(path, 'GenAuth knows no user with this identifier.', failure)
}
