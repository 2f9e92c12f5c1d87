import type { MfaState } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/** Where an input is at fault: the path from the argument down, and our own words. Never the value. */
export interface FieldError {
  readonly path: readonly string[]
  readonly message: string
}

/** What GenAuth itself replied, for somebody who reports a case to its support. `null`: it said nothing. */
export interface UpstreamAnswer {
  readonly statusCode: number | null
  readonly apiCode: number | null
  readonly requestId: string | null
}

/** A user's state as it was seen when something failed. */
export interface SeenMfa {
  readonly user: UserRef
  readonly state: MfaState
}

/** Who says that there were too many requests. */
export type RateLimitOrigin = 'GENAUTH' | 'LAYER'

/** Whether a write that failed may have happened. */
export type MfaWriteOutcome = 'NOT_APPLIED' | 'UNKNOWN'

/** Why GenAuth could not be used, as far as it matters to a write: whether the request can have arrived. */
export type UnavailableReason =
  | 'NOT_SENT'
  | 'REFUSED_CREDENTIALS'
  | 'UNSUPPORTED'
  | 'LOCK_NOT_SHARED'
  | 'FAULTY_ANSWER'
  | 'CONNECTION_LOST'
  | 'TIMED_OUT'

/** Reasons that prove by themselves that nothing was done. */
type ReasonOfNothingDone = 'NOT_SENT' | 'REFUSED_CREDENTIALS' | 'UNSUPPORTED' | 'LOCK_NOT_SHARED'

const REASONS_OF_NOTHING_DONE: ReadonlySet<UnavailableReason> = new Set<ReasonOfNothingDone>([
  'NOT_SENT',
  'REFUSED_CREDENTIALS',
  'UNSUPPORTED',
  'LOCK_NOT_SHARED',
])

/** Whether a write that failed for this reason cannot have been carried out. */
export function provesNothingDone(reason: UnavailableReason): reason is ReasonOfNothingDone {
  return REASONS_OF_NOTHING_DONE.has(reason)
}
