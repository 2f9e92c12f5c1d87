import { sleep } from '../base/clock.ts'
import type { Deadline } from '../base/deadline.ts'
import { isIntended } from './diff.ts'
import { fail, type MfaFailure, type Result, succeed } from './failure.ts'
import { provesNothingDone } from './failure-details.ts'
import type { MfaState } from './mfa-state.ts'
import type { MfaUpstream } from './upstream.ts'
import type { UserRef } from './user-ref.ts'

/** The state after a write, and whether it was read in GenAuth. */
export interface WrittenState {
  readonly state: MfaState
  readonly verified: boolean
}

/** The means of reading back. */
interface ConfirmMeans {
  readonly upstream: Pick<MfaUpstream, 'readMfa'>
  readonly deadline: Deadline
}

/** A read of GenAuth may be this much behind a write. */
const READ_BEHIND_MS = 500

/**
 * Reads back a write that GenAuth has confirmed. It costs one read, or two if the first does not find the intended
 * state.
 *
 * - If a read finds the intended state, the write is verified.
 * - If the first read fails, GenAuth's own "success" stands, not verified.
 * - In every other case GenAuth's reply and its state disagree, so the outcome is unknown.
 */
export async function confirmWrite(
  { upstream, deadline }: ConfirmMeans,
  user: UserRef,
  intended: MfaState,
): Promise<Result<WrittenState>> {
  const first = await upstream.readMfa(user)
  if (!first.ok) return succeed({ state: intended, verified: false })
  let { state } = first.value
  if (!isIntended(state, intended) && deadline.remainingMs() > READ_BEHIND_MS) {
    await sleep(deadline.clock, READ_BEHIND_MS)
    const second = await upstream.readMfa(user)
    if (second.ok) state = second.value.state
  }
  if (isIntended(state, intended)) return succeed({ state, verified: true })
  return fail({
    kind: 'UPSTREAM_UNAVAILABLE',
    upstream: null,
    reason: 'FAULTY_ANSWER',
    retryable: true,
    outcome: 'UNKNOWN',
    observed: { user, state },
  })
}

/** A write that was sent, and what is known of the state around it. */
interface SentWrite {
  readonly user: UserRef
  /** `null` if it is not known. */
  readonly before: MfaState | null
  readonly intended: MfaState
}

/**
 * Reconciles a write that failed. It returns the state that was read back if that is the intended one, otherwise the
 * failure with its outcome. It costs nothing if the failure itself proves that nothing was done, otherwise one read.
 *
 * The state before proves nothing, however often it is read. GenAuth may still be at work on the write, and the read
 * may be behind. The intended state proves nothing either if the state before looks the same.
 */
export async function reconcileWrite(
  upstream: Pick<MfaUpstream, 'readMfa'>,
  { user, before, intended }: SentWrite,
  failure: MfaFailure,
): Promise<Result<MfaState>> {
  if (failure.kind !== 'UPSTREAM_UNAVAILABLE') return fail(failure)
  if (provesNothingDone(failure.reason)) return fail({ ...failure, outcome: 'NOT_APPLIED' })
  const read = await upstream.readMfa(user)
  if (!read.ok) return fail({ ...failure, outcome: 'UNKNOWN', observed: null })
  const { state } = read.value
  const canBeSeen = before === null || !isIntended(before, intended)
  return canBeSeen && isIntended(state, intended)
    ? succeed(state)
    : fail({ ...failure, outcome: 'UNKNOWN', observed: { user, state } })
}
