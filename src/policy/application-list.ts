import { fail, type MfaFailure, type Result, succeed, toReadFailure } from '../mfa/failure.ts'
import type { PolicyApplication } from './application.ts'
import { type ApplicationPage, type ForecastUpstream, MAX_PAGE_ROWS } from './forecast-upstream.ts'
import { toCursor, toPosition } from './position-cursor.ts'

export interface WantedApplications {
  /** A part of a name or of an identifier. `null` finds all applications. */
  readonly search: string | null
  readonly first: number
  /** The cursor of the application before the first one. `null` begins with the first of all. */
  readonly after: string | null
  /** `true` asks for the settings of each application, too. */
  readonly withRules: boolean
}

interface ListedApplication {
  readonly cursor: string
  readonly application: PolicyApplication
}

/** A part of GenAuth's list of applications. */
export interface ApplicationList {
  readonly edges: readonly ListedApplication[]
  /** `true` if GenAuth counts more applications behind the last one. */
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly totalCount: number
}

/** Returns the applications behind a cursor. It costs one call, or two if `first` is not as before. */
export async function listApplications(
  upstream: Pick<ForecastUpstream, 'listApplications'>,
  { search, first, after, withRules }: WantedApplications,
): Promise<Result<ApplicationList>> {
  const start = after === null ? 0 : (toPosition(after) ?? 0)
  const { limit, pages } = findPages(start, first)
  const read = await Promise.all(
    pages.map(async page => ({
      offset: (page - 1) * limit,
      result: await upstream.listApplications({ search, withRules, page, limit }),
    })),
  )
  const rows: Row[] = []
  let totalCount = 0
  for (const { offset, result } of read) {
    if (!result.ok) return fail(toListFailure(result.failure))
    totalCount = result.value.totalCount
    rows.push(...toRows(result.value, offset, limit))
  }
  const shown = rows.filter(({ position }) => position >= start && position < start + first)
  const last = shown.at(-1)
  return succeed({
    edges: shown.map(({ position, application }) => ({ cursor: toCursor(position + 1), application })),
    hasNextPage: last !== undefined && last.position + 1 < totalCount,
    hasPreviousPage: start > 0,
    totalCount,
  })
}

interface Row {
  /** Counts from 0. */
  readonly position: number
  readonly application: PolicyApplication
}

/** GenAuth may ignore the length of a page that it was asked for. */
function toRows({ applications }: ApplicationPage, offset: number, limit: number): Row[] {
  return applications.slice(0, limit).map((application, index) => ({ position: offset + index, application }))
}

/**
 * Returns pages of equal length that hold all rows that are wanted. One is enough while a client asks for as many rows
 * as before. Otherwise up to two are needed, because GenAuth knows no other places than pages.
 */
function findPages(
  start: number,
  first: number,
): { readonly limit: number; readonly pages: readonly number[] } {
  for (let limit = first; limit <= MAX_PAGE_ROWS; limit++) {
    const page = Math.floor(start / limit) + 1
    if (start + first <= page * limit) return { limit, pages: [page] }
  }
  const page = Math.floor(start / MAX_PAGE_ROWS) + 1
  return { limit: MAX_PAGE_ROWS, pages: [page, page + 1] }
}

/** The call names nobody, so GenAuth's "not found" refuses the call. Only the search can be malformed. */
function toListFailure(failure: MfaFailure): MfaFailure {
  switch (failure.kind) {
    case 'INVALID_INPUT': {
      const fieldErrors = failure.fieldErrors.map(({ message }) => ({ path: ['search'], message }))
      return { ...failure, fieldErrors }
    }
    case 'USER_NOT_FOUND':
      return { kind: 'OPERATION_REFUSED', upstream: failure.upstream }
    default:
      return toReadFailure(failure)
  }
}
