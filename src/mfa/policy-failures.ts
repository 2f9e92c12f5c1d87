import type { MfaWriteOutcome, UnavailableReason } from './failure-details.ts'
import { row } from './failure-row.ts'
import type { MfaPoolPolicy } from './pool-policy.ts'

interface PolicyUnavailable {
  readonly reason: UnavailableReason
  readonly retryable: boolean
  readonly outcome: MfaWriteOutcome
  /** The policy as it was read last. `null` if it could not be read. */
  readonly observed: MfaPoolPolicy | null
}

/** The failures of changes of the user pool and of its applications. */
export const POLICY_FAILURES = {
  POOL_POLICY_CONFLICT: row<{ readonly current: MfaPoolPolicy }>({
    type: 'MfaPoolPolicyConflictError',
    cause:
      'The factors of the user pool are no longer those that `expectedRevision` names; `current` is what is on now.',
    detail: 'Nothing was changed.',
    advice: 'Show `current`, let a person decide, and send the change with the revision of `current`.',
    message:
      'That revision does not name the factors of the user pool as they are now; nothing was changed. Read them again.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
  POLICY_UNAVAILABLE: row<PolicyUnavailable>({
    type: 'MfaPolicyUnavailableError',
    cause: 'The factors of the user pool are not as they were asked for, or nobody can say whether they are.',
    detail:
      'GenAuth could not be used, did not do what it confirmed, or did only one of the two steps. `outcome` says whether anything may have been changed, and `observed` is what was read last.',
    advice:
      'For `NOT_APPLIED`, repeat later if `retryable`. For `UNKNOWN`, the change **may have been made, or a part of it**: show `observed` or read the policy again, then decide.',
    message({ reason, outcome }) {
      if (reason === 'LOCK_NOT_SHARED')
        return 'The replicas of this server cannot share their locks at the moment, so nothing was changed. Try again later.'
      switch (outcome) {
        case 'NOT_APPLIED':
          return 'GenAuth could not be used, and nothing was changed. Try again if retryable is true.'
        case 'UNKNOWN':
          return 'It is not known whether the change was made as a whole, or will still be made. Read the factors of the user pool again.'
      }
    },
    isRetryable: ({ retryable }) => retryable,
    inReads: 'NEVER',
  }),
  APPLICATION_NOT_FOUND: row({
    type: 'MfaApplicationNotFoundError',
    cause: 'GenAuth knows no application with this id.',
    detail: 'GenAuth says so with `statusCode` 404, or with `apiCode` 2011. Nothing was changed.',
    advice: 'Choose another application from `mfaApplications`.',
    message: 'GenAuth knows no application with this id. Choose another application.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
}
