import type { CoverageFilter, Factor, Posture, UserStatus } from './coverage-types.ts'

export const POSTURES = [
  'PROTECTED',
  'PENDING',
  'UNPROTECTED',
  'UNKNOWN',
] as const satisfies readonly Posture[]
export const FACTORS = ['OTP', 'SMS', 'EMAIL', 'FACE'] as const satisfies readonly Factor[]
export const STATUSES = [
  'ACTIVATED',
  'SUSPENDED',
  'RESIGNED',
  'ARCHIVED',
  'DEACTIVATED',
] as const satisfies readonly UserStatus[]

/** The filters as the address has them. Each is `null` if it excludes no user. */
export interface Filters {
  readonly posture: Posture | null
  readonly factor: 'none' | 'some' | null
  readonly bound: Factor | null
  readonly not: Factor | null
  readonly department: string | null
  readonly status: UserStatus | null
  readonly verified: 'never' | 'once' | null
  /** A day of the browser's time zone, as `2026-11-27`. */
  readonly before: string | null
}

export const NO_FILTERS: Filters = {
  posture: null,
  factor: null,
  bound: null,
  not: null,
  department: null,
  status: null,
  verified: null,
  before: null,
}

/** Returns the value that equals a text, or `null`. */
export function oneOf<Value extends string>(
  values: readonly Value[],
  text: string | undefined,
): Value | null {
  return values.find(value => value === text) ?? null
}

/** Reads the filters of an address. Unknown ones are left out. */
export function readFilters(query: Readonly<Record<string, string>>): Filters {
  const { before, department } = query
  return {
    posture: oneOf(POSTURES, query['posture']),
    factor: oneOf(['none', 'some'], query['factor']),
    bound: oneOf(FACTORS, query['bound']),
    not: oneOf(FACTORS, query['not']),
    department: department === undefined || department === '' ? null : department,
    status: oneOf(STATUSES, query['status']),
    verified: oneOf(['never', 'once'], query['verified']),
    before: before !== undefined && isDay(before) ? before : null,
  }
}

/** Returns `true` for a day of the calendar between the years 1900 and 2999. */
export function isDay(text: string): boolean {
  if (!/^(?:19|2\d)\d{2}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  // A browser makes the 2nd of March of the 30th of February.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Returns the filters for an address. It is the reverse of `readFilters`. */
export function toQuery(filters: Filters): Record<string, string | null> {
  return { ...filters }
}

/** Returns the filter of the API. The server refuses conditions that exclude each other. */
export function toCoverageFilter(filters: Filters): CoverageFilter {
  const { posture, factor, bound, not, department, status, verified, before } = filters
  return {
    ...(posture !== null && { postures: [posture] }),
    ...(factor !== null && { withoutBoundFactor: factor === 'none' }),
    ...(bound !== null && { boundFactor: bound }),
    ...(not !== null && { notBoundFactor: not }),
    ...(department !== null && { departmentIds: [department] }),
    ...(status !== null && { statuses: [status] }),
    ...(verified !== null && { neverVerified: verified === 'never' }),
    ...(before !== null && { lastMfaBefore: new Date(`${before}T00:00:00`).toISOString() }),
  }
}

/** Returns `true` if at least one filter is set. */
export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some(value => value !== null)
}
