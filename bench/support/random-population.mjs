// Populations as callers name them, and the judgement of who belongs to one, made without the server's code.
import { DEPARTMENTS, listDescendants } from '../../dist/sandbox/departments.js'

const STATUSES = ['ACTIVATED', 'SUSPENDED', 'RESIGNED', 'ARCHIVED', 'DEACTIVATED']
const APPLICATIONS = ['62a500000000000000d15d57', '62a500000000000000d15d58']
const GROUPS = ['administrators', 'contractors', 'break-glass', 'nobody']

/** Returns the input of a random population. One of three is everybody whose account is active. */
export function toRandomPopulation(random, userIds) {
  if (random.chance(0.33)) return {}
  const groups = random.chance(0.25) ? random.pickSome(GROUPS, random.between(1, 3)) : null
  const otherGroups = GROUPS.filter(code => groups?.includes(code) !== true)
  const [early, late] = [toRandomTime(random, 30, 500), toRandomTime(random, 501, 1_000)]
  return {
    ...(groups === null ? {} : { groups }),
    ...(groups === null && random.chance(0.4) ? { departments: toRandomDepartments(random) } : {}),
    ...(groups === null && random.chance(0.25)
      ? { signedInTo: random.pickSome(APPLICATIONS, random.between(1, 2)) }
      : {}),
    ...(random.chance(0.6) ? { statuses: random.pickSome(STATUSES, random.between(1, 5)) } : {}),
    ...(random.chance(0.2) ? { lastSignInAfter: early } : {}),
    ...(random.chance(0.15) ? { lastSignInBefore: late } : {}),
    ...(random.chance(0.2)
      ? { exceptUsers: random.pickSome(userIds, random.between(1, 5)).map(userId => ({ userId })) }
      : {}),
    ...(random.chance(0.15) ? { exceptGroups: [random.pick(otherGroups)] } : {}),
  }
}

/** Returns whether somebody belongs to a population. `facts` is `null` for a user who is not there. */
export function belongs(userId, facts, population) {
  if (facts === null) return false
  const { departments, groups, signedInTo, exceptUsers = [], exceptGroups = [] } = population
  const statuses = population.statuses ?? ['ACTIVATED']
  return (
    statuses.includes(facts.status) &&
    (groups === undefined || groups.some(code => facts.groups.includes(code))) &&
    (signedInTo === undefined || signedInTo.some(appId => facts.signedInTo.includes(appId))) &&
    (departments === undefined || departments.some(one => isIn(one, facts))) &&
    isInTime(facts.lastSignInMs, population) &&
    !exceptUsers.some(user => user.userId === userId) &&
    !exceptGroups.some(code => facts.groups.includes(code))
  )
}

/** The earliest moment belongs to the population, and the latest does not. */
function isInTime(atMs, { lastSignInAfter, lastSignInBefore }) {
  if (lastSignInAfter === undefined && lastSignInBefore === undefined) return true
  if (atMs === null) return false
  const isLateEnough = lastSignInAfter === undefined || atMs >= Date.parse(lastSignInAfter)
  return isLateEnough && (lastSignInBefore === undefined || atMs < Date.parse(lastSignInBefore))
}

function isIn({ organizationCode, departmentId = 'root', includeChildren = true }, facts) {
  const named = DEPARTMENTS.find(
    one =>
      one.organizationCode === organizationCode &&
      (departmentId === 'root' ? one.parentDepartmentId === null : one.departmentId === departmentId),
  )
  const wanted = [named, ...(includeChildren ? listDescendants(named) : [])]
  return wanted.some(one => facts.departmentIds.split(',').includes(one.departmentId))
}

function toRandomDepartments(random) {
  return random.pickSome(DEPARTMENTS, random.between(1, 2)).map(department => ({
    organizationCode: department.organizationCode,
    departmentId: department.parentDepartmentId === null ? 'root' : department.departmentId,
    includeChildren: random.chance(0.6),
  }))
}

/** The seeds sign in from day 30, and nobody after day 975. */
function toRandomTime(random, firstDay, lastDay) {
  return new Date(Date.UTC(2024, 0, random.between(firstDay, lastDay))).toISOString()
}
