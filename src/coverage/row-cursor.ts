import { createHash } from 'node:crypto'
import type { CoverageFilter } from './coverage-filter.ts'
import type { CoverageOrder } from './coverage-order.ts'

/** The rows among which a cursor names a place. */
export interface CursorScope {
  readonly scanId: string
  readonly order: CoverageOrder
  readonly filter: CoverageFilter
}

/** 72 bits tell the few scopes that a client may mix up apart. A cursor gives no right. */
const HASH_CHARACTERS = 12
/** The largest whole number of a column. */
const MAX_PLACE = 2_147_483_647
const CURSOR = /^([\w-]{12})([1-9]\d{0,9})$/

/** Returns the cursor of a row. It is worth something only for rows of the same scan, order and filter. */
export function toRowCursor(scope: CursorScope, place: number): string {
  return `${toHash(scope)}${place}`
}

/** Returns the place of the row, or `null` if the cursor is none of this scan, order and filter. */
export function parseRowCursor(scope: CursorScope, cursor: string): number | null {
  const [, hash, digits] = CURSOR.exec(cursor) ?? []
  const place = Number(digits)
  return hash === toHash(scope) && place <= MAX_PLACE ? place : null
}

function toHash({ scanId, order, filter }: CursorScope): string {
  const text = JSON.stringify([scanId, order, ...toComparable(filter)])
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_CHARACTERS)
}

/** The order of the values of a list means nothing. */
function toComparable(filter: CoverageFilter): unknown[] {
  return [
    toSet(filter.postures),
    filter.withoutBoundFactor,
    filter.boundFactor,
    filter.notBoundFactor,
    filter.neverVerified,
    filter.lastMfaBeforeMs,
    filter.lastSignInAfterMs,
    filter.lastSignInBeforeMs,
    toSet(filter.departmentIds),
    toSet(filter.statuses),
  ]
}

function toSet(values: readonly string[] | null): readonly string[] | null {
  return values && [...new Set(values)].toSorted()
}
