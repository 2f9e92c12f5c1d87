import type { Population } from './population.ts'

/** Returns `true` if two populations have the same conditions, whatever the order of their values is. */
export function isSamePopulation(one: Population, other: Population): boolean {
  return toComparable(one) === toComparable(other)
}

function toComparable(population: Population): string {
  const { departments, groups, statuses, signedInTo, exceptUserIds, exceptGroups } = population
  const places = departments.map(({ organizationCode, departmentId, includesChildren }) =>
    JSON.stringify([organizationCode, departmentId, includesChildren]),
  )
  const lists = [places, groups, statuses, signedInTo, exceptUserIds, exceptGroups]
  const times = [population.lastSignInAfterMs, population.lastSignInBeforeMs]
  return JSON.stringify([...lists.map(values => values.toSorted()), ...times])
}
