import { type MfaChangeEffect, toEffectVerb } from './change-effect.ts'
import type { PolicySubject, SeenMfa } from './failure-details.ts'
import { row } from './failure-row.ts'
import type { MfaPolicyRule } from './guard-rail.ts'

interface PolicyViolation {
  readonly rule: MfaPolicyRule
  readonly effects: readonly MfaChangeEffect[]
  /** Left out for a user. */
  readonly subject?: PolicySubject
}

interface RevisionConflict {
  readonly current: SeenMfa
  /** `true` if the revision is that of a change to take back, and no caller gave it. */
  readonly isOfUndo: boolean
}

interface StepUpRequired {
  readonly acrValues: readonly string[]
  readonly maxAgeS: number
  readonly effects: readonly MfaChangeEffect[]
}

/** The failures that only this server finds. */
export const OWN_FAILURES = {
  AMBIGUOUS_USER: row({
    type: 'MfaAmbiguousUserError',
    cause: 'The identifier may name somebody else.',
    detail:
      "GenAuth's reply shows a user with another phone, e-mail address, user name, external id or identity, or two users who share it. Nothing was changed.",
    advice: 'Name the user by `USER_ID` or another type.',
    message:
      'GenAuth does not show that this identifier names one user; nothing was changed. Name the user by another one.',
    isRetryable: false,
    inReads: 'ERROR',
  }),
  REVISION_CONFLICT: row<RevisionConflict>({
    type: 'MfaRevisionConflictError',
    cause: 'The state is no longer the one that `expectedRevision` names; `current` is what it is now.',
    detail:
      'Or the revision is one of another user or of version 0.1. For an undo, the state is not, or not provably, the one that its change made. Nothing was changed.',
    advice: 'Show `current`, let a person decide, and send the change with the revision of `current`.',
    message: ({ isOfUndo }) =>
      isOfUndo
        ? 'The state of the user is not, or not provably, the one that this change made; nothing was changed. Read the user again.'
        : 'That revision does not name this user and the state as it is now; nothing was changed. Read the user again.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
  POLICY_VIOLATION: row<PolicyViolation>({
    type: 'MfaPolicyViolationError',
    cause: 'A guard rail of this server refuses the change; `rule` says which.',
    detail: 'Nothing was changed, and nothing was sent to GenAuth to change it.',
    advice: 'Explain the rule. For `REASON_REQUIRED`, ask for a reason.',
    message({ rule, effects, subject }) {
      switch (rule) {
        case 'PROTECTED_USER':
          return `This ${toEffectVerb(effects)} the MFA of a protected user, which nobody may do here; nothing was changed. The operator of this server can lift the protection.`
        case 'CALLER_UNKNOWN':
          return `This ${toEffectVerb(effects)} MFA, and your token does not say which GenAuth user you are; nothing was changed. You need the claim that AUTH_USER_ID_CLAIM names.`
        case 'OWN_USER':
          return `This ${toEffectVerb(effects)} your own MFA, which is not allowed here; nothing was changed. Somebody else can do it.`
        case 'NO_FACTOR':
          return `This would leave the ${subject === undefined ? 'user' : 'user pool'} without any factor; nothing was changed. Set allowNoFactor to true if that is meant.`
        case 'REASON_REQUIRED':
          return 'You need a reason for this; nothing was changed. Give one in reason.'
      }
    },
    isRetryable: false,
    inReads: 'NEVER',
  }),
  STEP_UP_REQUIRED: row<StepUpRequired>({
    type: 'MfaStepUpRequiredError',
    cause: "The change weakens or redirects MFA, and the caller's sign-in is too old or too weak.",
    detail:
      'Nothing was changed. The header `WWW-Authenticate` holds the same `acrValues` and `maxAgeS` (RFC 9470).',
    advice: 'Sign the caller in again with `acrValues` and `maxAgeS`, then repeat with the new token.',
    message: ({ effects }) =>
      `This ${toEffectVerb(effects)} MFA, and you need a fresh sign-in for it; nothing was changed. Sign in again as maxAgeS and acrValues say.`,
    isRetryable: false,
    inReads: 'NEVER',
  }),
  DUPLICATE_USER: row<{ readonly firstIndex: number }>({
    type: 'MfaDuplicateUserError',
    cause: 'An earlier entry of the list names the same user, at `firstIndex`.',
    detail: 'It may do so by another identifier. The user is changed once, there.',
    advice: 'Look at the result at `firstIndex`.',
    message: 'An earlier entry of this list names the same user. Look at the result at firstIndex.',
    isRetryable: false,
    inReads: 'NEVER',
  }),
  NOT_ATTEMPTED: row({
    type: 'MfaNotAttemptedError',
    cause: 'An earlier user of the list could not be changed, so this one was not attempted.',
    detail:
      'That is so with `onError: STOP`, and whenever changes can no longer be recorded. Nothing was changed, and nothing was sent.',
    advice: 'Correct the one that failed, then send the others again.',
    message: 'Not attempted, because one before it failed. Send it again.',
    isRetryable: true,
    inReads: 'NEVER',
  }),
}
