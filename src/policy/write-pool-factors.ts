import {
  fail,
  isRetryable,
  type MfaFailure,
  type Result,
  succeed,
  type UpstreamFailure,
} from '../mfa/failure.ts'
import { provesNothingDone } from '../mfa/failure-details.ts'
import { type MfaPoolPolicy, toPoolCodes, toPoolPolicy } from '../mfa/pool-policy.ts'
import type { PolicyUpstreams } from './carry-out.ts'
import { isCallMissing } from './is-call-missing.ts'
import { toPoolFailure } from './to-policy-failure.ts'

/**
 * Makes the pool have exactly the wanted factors. It costs two calls, or four.
 *
 * 1. All wanted codes are switched on, together with those that this version does not know. That is right whether
 *    GenAuth adds them or replaces the others.
 * 2. The pool is read. Without all wanted factors nothing is switched off, so that at no moment fewer factors are on
 *    than both before and after.
 * 3. The known factors that are still on and not wanted are switched off.
 * 4. The pool is read again.
 *
 * It returns a success only if the last read shows exactly the wanted codes. Anything else is a failure with what was
 * read last. A write whose reply was lost is judged by the read behind it.
 */
export async function writePoolFactors(
  { underLock, toRead }: PoolUpstreams,
  before: MfaPoolPolicy,
  wanted: MfaPoolPolicy,
): Promise<Result<MfaPoolPolicy>> {
  const added = await underLock.addPoolFactors(toPoolCodes(wanted))
  if (!added.ok && isProvenNotDone(added.failure)) {
    return fail(toPoolFailure(added.failure, 'NOT_APPLIED', before))
  }
  const first = await toRead.readPoolFactors()
  if (!first.ok) return fail(inDoubt(added.ok ? first.failure : added.failure, null))
  const between = toPoolPolicy(first.value)
  if (between.revision === wanted.revision) return succeed(between)
  if (!hasAll(between, wanted)) return fail(inDoubt(added.ok ? NOT_DONE : added.failure, between))

  const surplus = between.enabledFactors.filter(type => !wanted.enabledFactors.includes(type))
  const disabled = await underLock.disablePoolFactors(surplus)
  if (!disabled.ok && isProvenNotDone(disabled.failure))
    return fail(toSecondRefusal(disabled.failure, between))
  const second = await toRead.readPoolFactors()
  if (!second.ok) return fail(inDoubt(disabled.ok ? second.failure : disabled.failure, null))
  const after = toPoolPolicy(second.value)
  if (after.revision === wanted.revision) return succeed(after)
  if (disabled.ok) return fail(inDoubt(NOT_DONE, after))
  return fail(
    after.revision === between.revision
      ? toSecondRefusal(disabled.failure, after)
      : inDoubt(disabled.failure, after),
  )
}

/** The calls of a change of the pool. */
interface PoolUpstreams {
  readonly underLock: Pick<PolicyUpstreams['underLock'], 'addPoolFactors' | 'disablePoolFactors'>
  readonly toRead: PolicyUpstreams['toRead']
}

/** GenAuth confirmed a write and shows another state, as it does with a reply that is faulty. */
const NOT_DONE: UpstreamFailure = {
  kind: 'UPSTREAM_UNAVAILABLE',
  upstream: null,
  reason: 'FAULTY_ANSWER',
  retryable: true,
  outcome: null,
  observed: null,
}

function isProvenNotDone(failure: UpstreamFailure): boolean {
  return failure.kind !== 'UPSTREAM_UNAVAILABLE' || provesNothingDone(failure.reason)
}

/** Returns `true` if all wanted factors are on, and exactly the unknown ones that were on before. */
function hasAll(found: MfaPoolPolicy, wanted: MfaPoolPolicy): boolean {
  const [others, kept] = [found, wanted].map(({ otherFactors }) => toPoolPolicy(otherFactors).revision)
  return others === kept && wanted.enabledFactors.every(type => found.enabledFactors.includes(type))
}

/** Returns the failure of the second write, which is known to have changed nothing. The first may have. */
function toSecondRefusal(failure: UpstreamFailure, observed: MfaPoolPolicy): MfaFailure {
  return isCallMissing(failure)
    ? { kind: 'OPERATION_REFUSED', upstream: failure.upstream, subject: 'POOL', observed }
    : inDoubt(failure, observed)
}

/** Returns a failure after which nobody can say that nothing was changed. */
function inDoubt(failure: UpstreamFailure, observed: MfaPoolPolicy | null): MfaFailure {
  const { upstream, cause } = failure
  const reason = failure.kind === 'UPSTREAM_UNAVAILABLE' ? failure.reason : 'FAULTY_ANSWER'
  const retryable = isRetryable(failure)
  return { kind: 'POLICY_UNAVAILABLE', upstream, cause, reason, retryable, outcome: 'UNKNOWN', observed }
}
