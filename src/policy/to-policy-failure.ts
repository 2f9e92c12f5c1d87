import { type MfaFailure, toReadFailure } from '../mfa/failure.ts'
import type { MfaWriteOutcome, PolicySubject } from '../mfa/failure-details.ts'
import type { MfaPoolPolicy } from '../mfa/pool-policy.ts'

/**
 * Returns a failure as a change of the pool tells it.
 *
 * @param outcome that of a failure which says nothing about it
 * @param observed the policy as it was read last, or `null` if it could not be read
 */
export function toPoolFailure(
  failure: MfaFailure,
  outcome: MfaWriteOutcome,
  observed: MfaPoolPolicy | null,
): MfaFailure {
  switch (failure.kind) {
    case 'UPSTREAM_UNAVAILABLE': {
      const { upstream, reason, retryable, cause } = failure
      return { kind: 'POLICY_UNAVAILABLE', upstream, reason, retryable, cause, outcome, observed }
    }
    default:
      return toRefusalOf('POOL', failure)
  }
}

/**
 * Returns the failure of a call that was refused, or of a read. GenAuth's 404 does not mean a user here. Nor does its 400
 * mean the input, because all values of the caller are known to be well-formed by then.
 */
export function toRefusalOf(subject: PolicySubject, failure: MfaFailure): MfaFailure {
  switch (failure.kind) {
    case 'INVALID_INPUT':
      return { kind: 'OPERATION_REFUSED', upstream: failure.upstream, subject }
    case 'USER_NOT_FOUND':
      return subject === 'APPLICATION'
        ? { kind: 'APPLICATION_NOT_FOUND', upstream: failure.upstream }
        : { kind: 'OPERATION_REFUSED', upstream: failure.upstream, subject }
    case 'OPERATION_REFUSED':
      return { ...failure, subject }
    default:
      return failure
  }
}

/** Returns the failure of a read of the pool that no change was sent before. */
export function toPoolReadFailure(failure: MfaFailure): MfaFailure {
  return toRefusalOf('POOL', toReadFailure(failure))
}
