import type { MfaState } from './mfa-state.ts'
import type { UserRef } from './user-ref.ts'

/**
 * A fault of an input: its path from the argument down, and a message of this server's own. It never holds the value.
 */
export interface FieldError {
  readonly path: readonly string[]
  readonly message: string
}

/**
 * GenAuth's own reply, for a person who reports a case to its support. A part is `null` if GenAuth did not give it.
 */
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

/** The thing whose factors a change switches for everybody. */
export type PolicySubject = 'POOL' | 'APPLICATION'

/** The party that says that there were too many requests. */
export type RateLimitOrigin = 'GENAUTH' | 'LAYER'

/** The outcome of a write that failed, which may have happened all the same. */
export type MfaWriteOutcome = 'NOT_APPLIED' | 'UNKNOWN'

/** The reason why GenAuth could not be used. It tells of a write whether the request can have arrived. */
export type UnavailableReason =
  | 'NOT_SENT'
  | 'REFUSED_CREDENTIALS'
  | 'UNSUPPORTED'
  | 'LOCK_NOT_SHARED'
  | 'PROTECTION_UNKNOWN'
  | 'FAULTY_ANSWER'
  | 'CONNECTION_LOST'
  | 'TIMED_OUT'

/** The reasons that prove by themselves that nothing was done. */
type ReasonOfNothingDone =
  | 'NOT_SENT'
  | 'REFUSED_CREDENTIALS'
  | 'UNSUPPORTED'
  | 'LOCK_NOT_SHARED'
  | 'PROTECTION_UNKNOWN'

const REASONS_OF_NOTHING_DONE: ReadonlySet<UnavailableReason> = new Set<ReasonOfNothingDone>([
  'NOT_SENT',
  'REFUSED_CREDENTIALS',
  'UNSUPPORTED',
  'LOCK_NOT_SHARED',
  'PROTECTION_UNKNOWN',
])

/** Returns `true` if a write that failed for this reason cannot have been carried out. */
export function provesNothingDone(reason: UnavailableReason): reason is ReasonOfNothingDone {
  return REASONS_OF_NOTHING_DONE.has(reason)
}
