import type { CoverageFilter } from '../../../coverage/coverage-filter.ts'
import type { CoverageOrder } from '../../../coverage/coverage-order.ts'

/** A condition about a time, which an order by this time answers. A time that is not known fits none. */
export interface TimeWindow {
  readonly order: Exclude<CoverageOrder, 'SCANNED'>
  /** Milliseconds since 1970, inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly beforeMs: number
}

/** Returns the conditions of a filter about times. */
export function toTimeWindows(filter: CoverageFilter): TimeWindow[] {
  const { lastMfaBeforeMs, lastSignInAfterMs, lastSignInBeforeMs } = filter
  const windows: TimeWindow[] = []
  if (lastMfaBeforeMs !== null) {
    windows.push({ order: 'LAST_MFA_ASC', fromMs: 0, beforeMs: lastMfaBeforeMs })
  }
  if (lastSignInAfterMs !== null || lastSignInBeforeMs !== null) {
    const beforeMs = lastSignInBeforeMs ?? Number.POSITIVE_INFINITY
    windows.push({ order: 'LAST_SIGN_IN_DESC', fromMs: lastSignInAfterMs ?? 0, beforeMs })
  }
  return windows
}
