import { earlier } from '../base/deadline.ts'
import { betweenRecords } from '../mfa/between-records.ts'
import { isNotSent, type MfaFailure, type Result } from '../mfa/failure.ts'
import {
  type HeldLock,
  LOCK_NOT_SHARED,
  lockNotHad,
  lockNotShared,
  needsSharedLock,
  whileShared,
} from '../mfa/user-lock.ts'
import type { PolicyIntent } from './policy-journal.ts'
import type { PolicyScope } from './policy-scope.ts'
import type { PolicyUpstream } from './policy-upstream.ts'

/** The time that a change leaves, so that its outcome can be on record before the deadline. */
const RECORD_MS = 100

/** The upstreams of one change. */
export interface PolicyUpstreams {
  /** Sends nothing any more when the lock is lost. */
  readonly underLock: Pick<
    PolicyUpstream,
    'addPoolFactors' | 'disablePoolFactors' | 'switchApplicationFactors'
  >
  /** For reading back, which needs no lock. */
  readonly toRead: Pick<PolicyUpstream, 'readPoolFactors'>
}

/**
 * Makes a change of a policy between its two records, if the lock and the limit of the caller still allow it.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function carryOut<T>(
  { parts, context, limits }: PolicyScope,
  intent: PolicyIntent,
  lock: HeldLock,
  send: (upstreams: PolicyUpstreams) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { guardRails, events, journal, upstreamFor } = parts
  const mustBeShared = needsSharedLock(guardRails.sharedLockFor, intent.effects)
  const hasLostShare = () => mustBeShared && !lock.isShared()
  const refuseUnshared = () => {
    events.emit('unsharedLock', { outcome: 'REFUSED' })
    return lockNotShared()
  }
  if (hasLostShare()) return refuseUnshared()
  const allowed = intent.effects.length > 0 ? await limits.countPolicyWeakening() : null
  if (allowed?.ok === false) return allowed
  const needed = mustBeShared ? whileShared(lock) : lock
  if (!(await needed.confirm())) return hasLostShare() ? refuseUnshared() : lockNotHad()
  const railsPassed = lock.isShared() ? intent.railsPassed : [...intent.railsPassed, LOCK_NOT_SHARED]
  const deadline = earlier(context.deadline, RECORD_MS)
  const made = await betweenRecords(
    journal.beginPolicy({ ...intent, railsPassed }),
    context.deadline,
    async () =>
      send({
        underLock: upstreamFor({ ...context, deadline, isWanted: needed.isHeld }),
        toRead: upstreamFor({ ...context, deadline }),
      }),
  )
  return !made.ok && isNothingSent(made.failure) && hasLostShare() ? refuseUnshared() : made
}

/** Returns `true` if no call of the change was sent, be it the only one or the first of two. */
function isNothingSent(failure: MfaFailure): boolean {
  if (failure.kind !== 'POLICY_UNAVAILABLE') return isNotSent(failure)
  return failure.reason === 'NOT_SENT' && failure.outcome === 'NOT_APPLIED'
}
