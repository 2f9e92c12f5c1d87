import { ACCOUNT_STATUSES } from '../mfa/account.ts'
import type { FieldError } from '../mfa/failure-details.ts'
import { findUserIdFault, foldUserRef } from '../mfa/user-ref.ts'
import { findListFault } from './find-list-fault.ts'
import { findTextFault } from './find-text-fault.ts'
import type { WantedPopulation, WantedScan } from './wanted-scan.ts'

/** How many values a list may have. Each value but an excepted user costs a call when the scan is started. */
const MAX_VALUES = {
  departments: 50,
  groups: 50,
  statuses: ACCOUNT_STATUSES.length,
  signedInTo: 20,
  exceptUsers: 500,
  exceptGroups: 20,
} as const

const LISTS = ['departments', 'groups', 'statuses', 'signedInTo', 'exceptUsers', 'exceptGroups'] as const
/** With less, a scan of a large pool would not end within a day. */
const MIN_BUDGET_SHARE = 0.01

/** Returns the faults of a wanted scan that can be found without GenAuth. */
export function findWantedScanFaults({ population, budgetShare }: WantedScan): FieldError[] {
  const faults = findPopulationFaults(population).map(({ path, message }) => ({
    path: ['population', ...path],
    message,
  }))
  if (budgetShare >= MIN_BUDGET_SHARE && budgetShare <= 1) return faults
  return [...faults, { path: ['budgetShare'], message: `The share must be from ${MIN_BUDGET_SHARE} to 1.` }]
}

function findPopulationFaults(population: WantedPopulation): FieldError[] {
  const ofLists = LISTS.flatMap(name => {
    const message = findListFault(population[name], MAX_VALUES[name])
    return message === null ? [] : [{ path: [name], message }]
  })
  // The values of a list that is too long are not looked at.
  if (ofLists.length > 0) return ofLists
  const { departments, groups, signedInTo, exceptUsers, exceptGroups } = population
  return [
    ...findClashes(population),
    ...findEarlyTimes(population),
    ...(departments ?? []).flatMap(({ organizationCode, departmentId }, index) => [
      ...ofText(organizationCode, 'departments', index, 'organizationCode'),
      ...ofText(departmentId, 'departments', index, 'departmentId'),
    ]),
    ...(groups ?? []).flatMap((code, index) => ofText(code, 'groups', index)),
    ...(signedInTo ?? []).flatMap((id, index) => ofText(id, 'signedInTo', index)),
    ...(exceptUsers ?? []).flatMap((user, index) => {
      const message = findUserIdFault(foldUserRef(user))
      return message === null ? [] : [{ path: ['exceptUsers', `${index}`, 'userId'], message }]
    }),
    ...(exceptGroups ?? []).flatMap((code, index) => ofText(code, 'exceptGroups', index)),
  ]
}

function findClashes(population: WantedPopulation): FieldError[] {
  const { departments, groups, signedInTo, exceptGroups, lastSignInAfterMs, lastSignInBeforeMs } = population
  const faults: FieldError[] = []
  if (groups !== null && (departments !== null || signedInTo !== null)) {
    const message = 'Groups cannot be combined with departments or signedInTo. Start a scan for each.'
    faults.push({ path: ['groups'], message })
  }
  if (lastSignInAfterMs !== null && lastSignInBeforeMs !== null && lastSignInAfterMs >= lastSignInBeforeMs) {
    faults.push({ path: ['lastSignInBefore'], message: 'The time must be later than lastSignInAfter.' })
  }
  ;(exceptGroups ?? []).forEach((code, index) => {
    if (groups?.includes(code) !== true) return
    const message = 'The group is one of groups, too. Leave it out in one of the two.'
    faults.push({ path: ['exceptGroups', `${index}`], message })
  })
  return faults
}

/** GenAuth takes no time before 1970, where its own times begin. */
function findEarlyTimes({ lastSignInAfterMs, lastSignInBeforeMs }: WantedPopulation): FieldError[] {
  return Object.entries({ lastSignInAfter: lastSignInAfterMs, lastSignInBefore: lastSignInBeforeMs })
    .filter(([, atMs]) => atMs !== null && atMs < 0)
    .map(([name]) => ({ path: [name], message: 'The time must not be before 1970.' }))
}

function ofText(text: string, list: string, index: number, ...field: string[]): FieldError[] {
  const message = findTextFault(text)
  return message === null ? [] : [{ path: [list, `${index}`, ...field], message }]
}
