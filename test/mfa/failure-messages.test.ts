import { expect, it } from 'vitest'
import { type MfaFailure, refusedInput, toPublicMessage, toWholeMessage } from '../../src/mfa/failure.ts'
import { EMPTY_MFA_STATE } from '../../src/mfa/mfa-state.ts'
import { NOT_REVERTIBLE_REASONS, type NotRevertibleReason } from '../../src/mfa/not-revertible-reason.ts'
import { toPoolPolicy } from '../../src/mfa/pool-policy.ts'

const upstream = null
const unavailable = { upstream, reason: 'TIMED_OUT', retryable: true, observed: null } as const
const common = { upstream, effects: ['WEAKENING'] } as const
const current = { user: { userId: 'u', userIdType: 'USER_ID' }, state: EMPTY_MFA_STATE } as const
const WAYS_AFTER_NO_UNDO: Readonly<Record<NotRevertibleReason, string>> = {
  NOT_APPLIED: 'so there is nothing to undo; nothing was changed.',
  OUTCOME_UNKNOWN: 'Read the user, and set the factors by hand.',
  STATE_BEFORE_UNKNOWN: 'Set the factors by hand.',
  CONTACTS_CHANGED: 'Set them by hand.',
  NO_MFA_TOKEN: 'by setUserMfaStatus with a token.',
}

it.each<[failure: MfaFailure, way: string]>([
  [{ kind: 'AMBIGUOUS_USER', upstream }, 'Name the user by another one.'],
  [{ kind: 'USER_NOT_FOUND', upstream }, 'Correct the identifier or its type.'],
  [{ kind: 'PLAN_REQUIRED', upstream }, 'Its owner can change the plan.'],
  [{ kind: 'UPSTREAM_FORBIDDEN', upstream }, 'Its operator can grant it.'],
  [{ kind: 'CONFLICT', upstream }, 'Read the user, or the policy, again.'],
  [{ kind: 'POLICY_VIOLATION', rule: 'CALLER_UNKNOWN', ...common }, 'that AUTH_USER_ID_CLAIM names.'],
  [{ kind: 'POLICY_VIOLATION', rule: 'PROTECTED_USER', ...common }, 'can lift the protection.'],
  [{ kind: 'POLICY_VIOLATION', rule: 'OWN_USER', ...common }, 'Somebody else can do it.'],
  [{ kind: 'POLICY_VIOLATION', rule: 'NO_FACTOR', ...common }, 'Set allowNoFactor to true if that is meant.'],
  [{ kind: 'POLICY_VIOLATION', rule: 'REASON_REQUIRED', ...common }, 'Give one in reason.'],
  [{ kind: 'STEP_UP_REQUIRED', maxAgeS: 300, acrValues: [], ...common }, 'as maxAgeS and acrValues say.'],
  [{ kind: 'DUPLICATE_USER', firstIndex: 0, upstream }, 'Look at the result at firstIndex.'],
  [{ kind: 'NOT_ATTEMPTED', upstream }, 'Send it again.'],
  [{ kind: 'NOT_FOUND', upstream }, 'Choose another one, or start one.'],
  [{ kind: 'WRONG_STATE', status: 'SUCCEEDED', upstream }, 'Read the scan again.'],
  [{ kind: 'FEATURE_OFF', upstream }, 'Its operator can set STORE_URL.'],
  [{ kind: 'OPERATION_REFUSED', upstream }, 'Look at the user in GenAuth.'],
  [{ kind: 'OPERATION_REFUSED', upstream, subject: 'POOL' }, 'Look at the user pool in GenAuth.'],
  [{ kind: 'OPERATION_REFUSED', upstream, observed: toPoolPolicy([]) }, 'use the console of GenAuth.'],
  [{ kind: 'POOL_POLICY_CONFLICT', upstream, current: toPoolPolicy([]) }, 'Read them again.'],
  [{ kind: 'POLICY_UNAVAILABLE', ...unavailable, outcome: 'UNKNOWN' }, 'of the user pool again.'],
  [{ kind: 'POLICY_UNAVAILABLE', ...unavailable, outcome: 'NOT_APPLIED' }, 'if retryable is true.'],
  [
    { kind: 'POLICY_UNAVAILABLE', ...unavailable, reason: 'LOCK_NOT_SHARED', outcome: 'NOT_APPLIED' },
    'Try again later.',
  ],
  [{ kind: 'APPLICATION_NOT_FOUND', upstream }, 'Choose another application.'],
  [{ kind: 'CHANGE_NOT_FOUND', upstream, retryable: false }, 'from the history of the user.'],
  ...NOT_REVERTIBLE_REASONS.map((why): [MfaFailure, string] => [
    { kind: 'NOT_REVERTIBLE', upstream, why, retryable: false },
    WAYS_AFTER_NO_UNDO[why],
  ]),
  [{ kind: 'REVISION_CONFLICT', upstream, current, isOfUndo: false }, 'Read the user again.'],
  [{ kind: 'REVISION_CONFLICT', upstream, current, isOfUndo: true }, 'Read the user again.'],
  [{ kind: 'RATE_LIMITED', upstream, retryAfterMs: null, origin: 'LAYER' }, 'Try again later.'],
  [{ kind: 'RATE_LIMITED', upstream, retryAfterMs: null, origin: 'GENAUTH' }, 'Try again later.'],
])('the message of %j says what to do', (failure, way) => {
  expect(toPublicMessage(failure).endsWith(way)).toBe(true)
})

it('the message of an input that is refused names its faults where there are no fieldErrors', () => {
  const failure = refusedInput([
    { path: ['userId'], message: 'The identifier must not be blank.' },
    { path: ['reason'], message: 'The reason must not be blank.' },
  ])
  expect(toWholeMessage(failure)).toBe('The identifier must not be blank. The reason must not be blank.')
  expect(toWholeMessage({ kind: 'CONFLICT', upstream })).toBe(toPublicMessage({ kind: 'CONFLICT', upstream }))
})
