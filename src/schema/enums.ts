import type { AccountStatus } from '../mfa/account.ts'
import type { MfaPosture } from '../mfa/bindings.ts'
import type { MfaChangeEffect } from '../mfa/change-effect.ts'
import type { MfaContactField } from '../mfa/contact-change.ts'
import type { MfaFactorType } from '../mfa/factor.ts'
import type { MfaWriteOutcome, RateLimitOrigin } from '../mfa/failure-details.ts'
import type { MfaPolicyRule } from '../mfa/guard-rail.ts'
import type { JobStatus } from '../mfa/job-status.ts'
import type { NotRevertibleReason } from '../mfa/not-revertible-reason.ts'
import type { OnError } from '../mfa/set-users-mfa-status.ts'
import type { UserIdType } from '../mfa/user-ref.ts'
import type { MfaWarningCode } from '../mfa/warnings.ts'
import { builder } from './builder.ts'

/** Returns enum values from a record, so that the compiler demands a description of each value and of no other. */
export function described<V extends string>(descriptions: Readonly<Record<V, string>>) {
  const entries = Object.entries<string>(descriptions)
  return Object.fromEntries(entries.map(([value, description]) => [value, { description }])) as {
    [K in V]: { description: string }
  }
}

export const UserIdTypeEnum = builder.enumType('UserIdType', {
  description:
    'The kind of identifier that `userId` is. Users are found by the exact identifier; nothing is searched. The GenAuth user pool decides which of phone, e-mail and user name exist.',
  values: described<UserIdType>({
    USER_ID: "GenAuth's own id, 24 hexadecimal digits: `65a000000000000000000001`. Wire value `user_id`.",
    PHONE:
      'Phone number, best with its country code: `+8613800000001`. Blanks, dashes, brackets and dots are dropped. With a `+`, the user must have that country code in GenAuth, otherwise no user is found. Such a look-up costs one more call, because GenAuth takes no country code. Without a country code (`13800000001`) users of two countries may have the same number, and GenAuth decides between them. Wire value `phone`.',
    EMAIL: 'E-mail address, in any case: `ada@example.com`. Wire value `email`.',
    USERNAME: 'User name, unique in the user pool: `ada`. Wire value `username`.',
    EXTERNAL_ID:
      "The user's id in your own system, as stored in GenAuth: `emp-0001`. Wire value `external_id`.",
    IDENTITY:
      'Identity at an identity source, `extIdpId:userIdInIdp`, split at the first colon: `62f20932716fbcc10d966ee5:ou_ada`. Wire value `identity`.',
    SYNC_RELATION:
      'Identity at a synchronisation source, `provider:userIdInIdp`, split at the first colon: `lark:ou_ada`. Wire value `sync_relation`.',
    CUSTOM_FIELD:
      'A custom field. **Undocumented by GenAuth**: its enum has the value, and no page describes the format. The identifier is passed on as given. Wire value `custom_field`.',
  }),
})

export const MfaFactorTypeEnum = builder.enumType('MfaFactorType', {
  description:
    'The second factors that can be changed. GenAuth may know others; `MfaFactor.code` shows them.',
  values: described<MfaFactorType>({
    SMS: 'A code sent to a phone.',
    EMAIL: 'A code sent to an e-mail address.',
    OTP: 'A time-based one-time password (TOTP) from an authenticator app. GenAuth spells it `OTP`.',
    FACE: 'Face recognition.',
  }),
})

export const MfaPostureEnum = builder.enumType('MfaPosture', {
  description: 'How well a user is protected by a second factor.',
  values: described<MfaPosture>({
    PROTECTED: 'At least one factor is switched on and bound.',
    PENDING: 'Factors are switched on, but the user has bound none of those that GenAuth can tell about.',
    UNPROTECTED: 'No factor is switched on.',
    UNKNOWN: 'GenAuth cannot tell whether any of the factors that are switched on is bound.',
  }),
})

export const MfaWriteOutcomeEnum = builder.enumType('MfaWriteOutcome', {
  description: 'Whether a change that did not succeed may have been made.',
  values: described<MfaWriteOutcome>({
    NOT_APPLIED:
      'Nothing was changed, and that is proven: the write was never sent, or GenAuth itself refused it.',
    UNKNOWN:
      'The change may have been made, or may still be made seconds later. Read the user, or the policy, again before deciding.',
  }),
})

export const MfaRateLimitOriginEnum = builder.enumType('MfaRateLimitOrigin', {
  description: 'The party whose limit on requests was reached.',
  values: described<RateLimitOrigin>({
    GENAUTH: 'GenAuth. The whole user pool shares its limit (300 requests per second on the free plan).',
    LAYER:
      "This server. The caller's rate limit was reached, or the request could not be sent before its deadline. GenAuth was not asked.",
  }),
})

export const MfaWarningCodeEnum = builder.enumType('MfaWarningCode', {
  description: 'The kind of an `MfaWarning`, stable across versions. New kinds may be added.',
  values: described<MfaWarningCode>({
    LOCK_NOT_SHARED:
      'The change was made while replicas of this server could not share their locks. Another replica may have made a change at the same place in that time: the user, the user pool or the application. One of the two changes may be lost. Read the place again.',
    LOOK_UP_FAILED:
      'The bindings of the user, or the settings of the user pool, could not be read, so a warning about them may be missing. It comes only with `LOCK_NOT_SHARED`.',
    SMS_WITHOUT_PHONE: 'SMS is on, and no phone is set to send codes to.',
    EMAIL_WITHOUT_EMAIL: 'EMAIL is on, and no address is set to send codes to.',
    NO_BOUND_FACTOR: 'Factors are on, and the user has bound none of them.',
    LAST_FACTOR_REMOVED:
      'No factor is left on that this version knows. One was on before, or the state before is not known.',
    APPLICATION_FOLLOWS_POOL:
      'The application follows the security rules of the user pool, so its own factors have no effect until it has rules of its own.',
    NO_POOL_FACTOR: 'No factor is on for the user pool that this version knows.',
    USERS_WITHOUT_BOUND_FACTOR:
      'Some activated users have bound no factor, so they cannot pass any before they bind one. `MfaWarning.users` is their number in the newest scan that read the bindings of all activated users, missed nobody, and ended in the last seven days. The warning is left out if there is no such scan, or if the store cannot be read.',
    IDENTITY_SOURCES_NOT_SHOWN:
      'GenAuth can skip MFA for users who sign in through an identity source. No call shows for which.',
    FACTOR_DISABLED_GLOBALLY:
      'A factor is on that the whole user pool has switched off. The settings of the pool may be a minute old.',
  }),
})

export const MfaUserStatusEnum = builder.enumType('MfaUserStatus', {
  description: 'The state of an account, as GenAuth has stored it.',
  values: described<AccountStatus>({
    ACTIVATED: 'The account is in use.',
    SUSPENDED: 'The account is suspended.',
    RESIGNED: 'The person has left the organisation.',
    ARCHIVED: 'The account is archived.',
    DEACTIVATED: 'The account is switched off.',
  }),
})

export const MfaJobStatusEnum = builder.enumType('MfaJobStatus', {
  description: 'How far a scan has come.',
  values: described<JobStatus>({
    QUEUED: 'It waits until the scan before it has ended.',
    RUNNING: 'It reads users.',
    PAUSED: 'It waits until GenAuth can be asked again, and then goes on.',
    SUCCEEDED: 'It has ended. `isWhole` says whether it missed anybody.',
    FAILED: 'It could not go on. Its rows are what it had read until then.',
    CANCELLED: 'Somebody cancelled it. Its rows are what it had read until then.',
  }),
})

export const MfaNotRevertibleReasonEnum = builder.enumType('MfaNotRevertibleReason', {
  description: 'The reason for which a change cannot be undone. New reasons may be added.',
  values: described<NotRevertibleReason>({
    NOT_APPLIED: 'The change was never made, and that is proven.',
    OUTCOME_UNKNOWN:
      'It is not known whether the change was made. While the server still looks for it, `retryable` is `true`.',
    STATE_BEFORE_UNKNOWN:
      'The change replaced a state that was not read, or its record is under an `AUDIT_KEY` that this server no longer has.',
    CONTACTS_CHANGED:
      'The change set contacts, names or flags, too. The old ones are kept nowhere, so the state before cannot be made again.',
    NO_MFA_TOKEN:
      'GenAuth holds no `mfaToken` for the user, and a write needs one. Use `setUserMfaStatus` with `triggerData.mfaToken`.',
  }),
})

export const MfaContactFieldEnum = builder.enumType('MfaContactField', {
  description: 'A contact that a change can set, alone or together with factors.',
  values: described<MfaContactField>({
    PHONE: 'The phone that SMS codes go to: `UserMfa.phone`.',
    PHONE_COUNTRY_CODE: 'The country code of that phone: `UserMfa.phoneCountryCode`.',
    EMAIL: 'The address that e-mail codes go to: `UserMfa.email`.',
    ACCOUNT_PHONE: "The account's own phone.",
    ACCOUNT_PHONE_COUNTRY_CODE: "The country code of the account's own phone.",
  }),
})

export const MfaOnErrorEnum = builder.enumType('MfaOnError', {
  description: 'The treatment of the other users of a list if one cannot be changed.',
  values: described<OnError>({
    CONTINUE: 'The others are changed all the same, several at a time.',
    STOP: 'Users are changed one after another. After the first that fails, none is attempted.',
  }),
})

export const MfaChangeEffectEnum = builder.enumType('MfaChangeEffect', {
  description:
    'An effect that a change has on the protection of an account. The guard rails treat both effects alike.',
  values: described<MfaChangeEffect>({
    WEAKENING:
      'The change takes protection away. An enabled factor is switched off or removed, or a contact that codes go to is changed or cleared. Or an enrolment flag is given up, or a factor that this version does not know is lost. For the user pool or an application: a factor is switched off for everybody.',
    REDIRECTING:
      "The change says where a second factor goes, or which one is asked first. A contact or the account's phone is named, or an enrolment flag is set. Or a factor is newly on or newly listed, or another factor comes first.",
  }),
})

export const MfaPolicyRuleEnum = builder.enumType('MfaPolicyRule', {
  description: 'A guard rail of this server, a rule that refuses a risky change.',
  values: described<MfaPolicyRule>({
    PROTECTED_USER:
      'This server protects the user: nobody may weaken or redirect their MFA. A change that only switches factors on is allowed.',
    CALLER_UNKNOWN:
      "The token does not say which GenAuth user the caller is, and it is not a client's token. The server cannot tell whether the caller changes their own MFA.",
    OWN_USER: 'Callers may not weaken or redirect their own MFA.',
    NO_FACTOR:
      'Neither a user nor the user pool may be left without an enabled factor that this version knows, unless `allowNoFactor` is `true`.',
    REASON_REQUIRED: 'The change needs a `reason`.',
  }),
})
