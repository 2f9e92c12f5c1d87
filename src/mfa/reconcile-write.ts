import { isIntended } from './diff.ts'
import { fail, type MfaFailure, type Result, succeed } from './failure.ts'
import { provesNothingDone } from './failure-details.ts'
import type { MfaState } from './mfa-state.ts'
import type { MfaUpstream } from './upstream.ts'
import type { UserRef } from './user-ref.ts'

/** A write that was sent, and what is known of the state around it. */
export interface SentWrite {
  readonly user: UserRef
  /** `null` if it is not known. */
  readonly before: MfaState | null
  readonly intended: MfaState
}

/**
 * Says what became of a write that failed: a state that was read back and is the intended one, or the failure
 * with its outcome. Costs nothing when the failure itself proves that nothing was done, else one read.
 *
 * Finding the state before proves nothing, however often one looks: GenAuth may still be at work on the write, and
 * the read may be behind. Nor does finding the intended state where the one before looks the same.
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
