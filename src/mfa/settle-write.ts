import type { Deadline } from './deadline.ts'
import { isIntended, isSameState } from './diff.ts'
import {
  fail,
  type MfaFailure,
  type MfaFailureOf,
  type MfaWriteOutcome,
  provesNothingDone,
  type Result,
  succeed,
} from './failure.ts'
import type { MfaState } from './mfa-state.ts'
import type { MfaUpstream } from './upstream.ts'
import type { UserRef } from './user-ref.ts'

/** A write that was sent, and what is known of the state around it. */
export interface SentWrite {
  readonly user: UserRef
  /** Null: not known. */
  readonly before: MfaState | null
  readonly intended: MfaState
}

/** What looking again takes. */
export interface SettleMeans {
  readonly upstream: Pick<MfaUpstream, 'readMfa'>
  readonly deadline: Deadline
  readonly sleep: (ms: number) => Promise<void>
}

type Unavailable = MfaFailureOf<'UPSTREAM_UNAVAILABLE'>

/** After this long without a trace, a write whose connection was lost is taken not to have arrived. */
const SECOND_LOOK_AFTER_MS = 300

/**
 * Says what became of a write that failed: a state that was read back and is the intended one, or the failure
 * with its outcome. Costs nothing when the failure itself proves that nothing was done, else one read, or two.
 *
 * The state before proves "not applied" only where the write cannot still be on its way: GenAuth itself answered
 * it, or the connection was lost (or a proxy answered) and a second look finds the same. After a time-out it
 * proves nothing, nor does one look where the deadline leaves no time for two.
 */
export async function settleWrite(
  means: SettleMeans,
  write: SentWrite,
  failure: MfaFailure,
): Promise<Result<MfaState>> {
  if (failure.kind !== 'UPSTREAM_UNAVAILABLE') return fail(failure)
  const { reason } = failure
  if (provesNothingDone(reason)) return fail({ ...failure, outcome: 'NOT_APPLIED' })
  switch (reason) {
    case 'FAULTY_ANSWER':
      return readBack(means, write, failure, failure.upstream === null ? 2 : 1)
    case 'CONNECTION_LOST':
      return readBack(means, write, failure, 2)
    case 'TIMED_OUT':
      return readBack(means, write, failure, null)
  }
}

/** `looksForProof`: how many looks that find the state before prove that nothing was written; null: none do. */
async function readBack(
  { upstream, deadline, sleep }: SettleMeans,
  { user, before, intended }: SentWrite,
  failure: Unavailable,
  looksForProof: number | null,
): Promise<Result<MfaState>> {
  const conclude = (outcome: MfaWriteOutcome, state: MfaState | null) =>
    fail({ ...failure, outcome, observed: state && { user, state } })

  for (let look = 1; ; look++) {
    const read = await upstream.readMfa(user)
    if (!read.ok) return conclude('UNKNOWN', null)
    const { state } = read.value
    const isUnchanged = before !== null && isSameState(state, before)
    if (!isUnchanged) return isIntended(state, intended) ? succeed(state) : conclude('UNKNOWN', state)
    if (looksForProof === null) return conclude('UNKNOWN', state)
    if (look >= looksForProof) return conclude('NOT_APPLIED', state)
    if (deadline.remainingMs() <= SECOND_LOOK_AFTER_MS) return conclude('UNKNOWN', state)
    await sleep(SECOND_LOOK_AFTER_MS)
  }
}
