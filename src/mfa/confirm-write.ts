import { sleep } from '../base/clock.ts'
import type { Deadline } from '../base/deadline.ts'
import { isIntended } from './diff.ts'
import { fail, type Result, succeed } from './failure.ts'
import type { MfaState } from './mfa-state.ts'
import type { MfaUpstream } from './upstream.ts'
import type { UserRef } from './user-ref.ts'

/** The state after a write, and whether it was read in GenAuth. */
export interface WrittenState {
  readonly state: MfaState
  readonly verified: boolean
}

/** The means of reading back. */
export interface ConfirmMeans {
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
