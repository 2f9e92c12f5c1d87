import type {
  FieldError,
  MfaWriteOutcome,
  PolicySubject,
  RateLimitOrigin,
  SeenMfa,
  UnavailableReason,
} from './failure-details.ts'
import { row } from './failure-row.ts'
import type { MfaPoolPolicy } from './pool-policy.ts'

const REFUSED_CALL = { level: 'warn', text: 'GenAuth refused a call' } as const

interface Unavailable {
  readonly reason: UnavailableReason
  readonly retryable: boolean
  /** `null` for a read. */
  readonly outcome: MfaWriteOutcome | null
  /** The state that was read after a write in doubt. `null` if there is none. */
  readonly observed: SeenMfa | null
  /** `true` if the reply was 404 without GenAuth's envelope. The address of the call may not exist. */
  readonly isAddressUnknown?: true
}

interface Refused {
  /** Left out for a user. */
  readonly subject?: PolicySubject
  /** The factors of the pool after the first of two steps, if the second was refused. Otherwise left out. */
  readonly observed?: MfaPoolPolicy
}

/** The failures that a call to GenAuth may end in. */
export const UPSTREAM_FAILURES = {
  INVALID_INPUT: row<{ readonly fieldErrors: readonly FieldError[] }>({
    type: 'MfaInvalidInputError',
    cause: 'A value of the input is not valid.',
    detail: 'This server found it, or GenAuth did (`statusCode` 400). Nothing was changed.',
    advice: 'Show `fieldErrors` beside the fields.',
    message: 'A value of the input is not valid. Correct the places that fieldErrors names.',
    isRetryable: false,
    inReads: 'ERROR',
  }),
  USER_NOT_FOUND: row({
    type: 'MfaUserNotFoundError',
    cause: 'GenAuth knows no user with this identifier.',
    detail:
      'GenAuth says so with `statusCode` 404, or with `apiCode` 2004. Or the user that it returns for a phone does not have the country code of the request. Nothing was changed.',
    advice: 'Ask for another identifier.',
    message: 'GenAuth knows no user with this identifier. Correct the identifier or its type.',
    isRetryable: false,
    inReads: 'NULL',
  }),
  PLAN_REQUIRED: row({
    type: 'MfaPlanRequiredError',
    cause: 'The plan of the GenAuth user pool does not include this call.',
    detail: 'GenAuth says so with `statusCode` 402 or `apiCode` 4021. Nothing was changed.',
    advice: 'Tell the owner of the user pool, who can change the plan.',
    message: 'The plan of this GenAuth user pool does not include this call. Its owner can change the plan.',
    isRetryable: false,
    inReads: 'ERROR',
    log: REFUSED_CALL,
  }),
  UPSTREAM_FORBIDDEN: row({
    type: 'MfaUpstreamForbiddenError',
    cause: "This server's own access key lacks the right in GenAuth.",
    detail:
      "GenAuth says so with `statusCode` 403. It is not about the caller's rights. Nothing was changed.",
    advice: 'Tell the operator of this server, who can grant the right.',
    message: 'The access key of this server has no right to do this in GenAuth. Its operator can grant it.',
    isRetryable: false,
    inReads: 'ERROR',
    log: REFUSED_CALL,
  }),
  CONFLICT: row({
    type: 'MfaConflictError',
    cause: 'The change clashes with what GenAuth has stored.',
    detail: 'GenAuth says so with `statusCode` 409. Nothing was changed.',
    advice: 'Read the user, or the policy, again.',
    message: 'GenAuth refused: the change clashes with what is stored. Read the user, or the policy, again.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
  OPERATION_REFUSED: row<Refused>({
    type: 'MfaOperationRefusedError',
    cause: 'GenAuth refuses by a business rule, or the user is locked or disabled.',
    detail:
      'GenAuth says so with `statusCode` 413, 422, 499 or another 4xx, with `apiCode` 2005 or 2120008, or with `success: false`. Nothing was changed, unless `observed` says what was.',
    advice: 'Say so, and look at the user, or at the user pool, in GenAuth.',
    message({ subject, observed }) {
      if (observed !== undefined)
        return 'This GenAuth cannot switch factors off for the whole user pool. See observed for what is on now, and use the console of GenAuth.'
      return subject === undefined
        ? 'GenAuth refused this operation for this user. Look at the user in GenAuth.'
        : 'GenAuth refused this operation. Look at the user pool in GenAuth.'
    },
    isRetryable: false,
    inReads: 'ERROR',
  }),
  RATE_LIMITED: row<{ readonly retryAfterMs: number | null; readonly origin: RateLimitOrigin }>({
    type: 'MfaRateLimitedError',
    cause: 'There were too many requests; `origin` says whose limit it is.',
    detail: "GenAuth's own refusal has `statusCode` or HTTP status 429. Nothing was changed.",
    advice: 'Wait for `retryAfterMs`, then repeat.',
    message: ({ origin }) =>
      `${origin === 'GENAUTH' ? 'GenAuth is throttling requests.' : 'Too many requests.'} Try again later.`,
    isRetryable: true,
    inReads: 'ERROR',
    log: { level: 'warn', text: 'too many requests' },
  }),
  UPSTREAM_UNAVAILABLE: row<Unavailable>({
    type: 'MfaUpstreamUnavailableError',
    cause:
      'GenAuth could not be used, or, with `REDIS_REQUIRED_FOR`, replicas could not share the lock of the user.',
    detail:
      'GenAuth could not be reached, did not reply in time, sent an unusable reply, or refused the credentials of this server. After a write, `outcome` says whether the change may have happened. A write in doubt about a user is read back once, and `observed` is what was found. With `PROTECTED_GROUP`, it also comes before a change with an effect if the members of the group cannot be read.',
    advice:
      'For `NOT_APPLIED`, repeat later if `retryable`. For `UNKNOWN`, the change **may have been made**: show `observed` or read the user again, then decide.',
    message({ reason, outcome }) {
      if (reason === 'LOCK_NOT_SHARED')
        return 'The replicas of this server cannot share their locks at the moment, so nothing was changed. Try again later.'
      if (reason === 'PROTECTION_UNKNOWN')
        return 'This server cannot find out whether this is a protected user, so nothing was changed. Try again if retryable is true.'
      switch (outcome) {
        case null:
          return 'GenAuth could not be asked, or gave no usable reply. Try again if retryable is true.'
        case 'NOT_APPLIED':
          return 'GenAuth could not be used, and nothing was changed. Try again if retryable is true.'
        case 'UNKNOWN':
          return 'It is not known whether the change was made, or will still be made. Read the user again.'
      }
    },
    isRetryable: ({ retryable }) => retryable,
    inReads: 'ERROR',
    log({ reason, retryable }) {
      if (reason === 'REFUSED_CREDENTIALS')
        return { level: 'error', text: 'GenAuth refuses our credentials: correct the GENAUTH_ settings' }
      return reason === 'NOT_SENT' && !retryable
        ? {
            level: 'error',
            text: 'GenAuth cannot be spoken to safely: correct GENAUTH_URL or its certificate',
          }
        : { level: 'warn', text: 'GenAuth could not be used' }
    },
  }),
}
