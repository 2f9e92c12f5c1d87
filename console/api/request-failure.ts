import type { ErrorCode } from '../../src/execution/error-codes.ts'

/**
 * A request that has no result, or a field of one that could not be read.
 *
 * `NETWORK`: no answer came. `TIMEOUT`: none came in time. `NO_JSON`: a program between this page and the
 * server answered. `OTHER`: a code that a later version may have added. `LATER_RESULT`: a result
 * of a type that a later version may have added.
 */
export interface RequestFailure {
  readonly code: ErrorCode | 'NETWORK' | 'TIMEOUT' | 'NO_JSON' | 'OTHER' | 'LATER_RESULT'
  /** Whether a change of the request may have been made. */
  readonly isExecuted: 'NO' | 'UNKNOWN'
  readonly requestId: string | null
  /** The time that the server asks to wait. `null` if it does not say. */
  readonly retryAfterMs: number | null
}
