import type { CoverageFilter } from '../coverage-filter.ts'
import { toIso } from './to-iso.ts'

/** The conditions of a filter by the names that the API has for them. It is empty if every row fits. */
export type FilterFacts = Readonly<Record<string, string | boolean | readonly string[]>>

export function toFilterFacts(filter: CoverageFilter): FilterFacts {
  const { lastMfaBeforeMs, lastSignInAfterMs, lastSignInBeforeMs, ...others } = filter
  const conditions = {
    ...others,
    lastMfaBefore: toIso(lastMfaBeforeMs),
    lastSignInAfter: toIso(lastSignInAfterMs),
    lastSignInBefore: toIso(lastSignInBeforeMs),
  }
  return Object.fromEntries(
    Object.entries(conditions).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  )
}

/** Returns the conditions as the query of a URL that asks for the same rows, or `NONE`. */
export function toFilterText(facts: FilterFacts): string {
  const pairs = Object.entries(facts).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, `${one}`]),
  )
  // A colon needs no escape in a query, and times are easier to read with it.
  return new URLSearchParams(pairs).toString().replaceAll('%3A', ':') || 'NONE'
}
