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
