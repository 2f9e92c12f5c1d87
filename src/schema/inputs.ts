import { builder } from './builder.ts'
import { MfaFactorTypeEnum, UserIdTypeEnum } from './enums.ts'

export const UserRefInput = builder.inputType('UserRefInput', {
  description: 'One user, named by an exact identifier. Nothing is searched.',
  fields: t => ({
    userId: t.string({
      required: true,
      description:
        'The identifier of the user, read as `userIdType` says. It has at most 512 characters, no blank at an end, and no control or format characters. A phone may be pasted as it is written: `+86 138 0000 0001`. It must be a string: a number may already have lost digits.',
    }),
    userIdType: t.field({
      type: UserIdTypeEnum,
      required: true,
      defaultValue: 'USER_ID',
      description: 'The kind of identifier that `userId` is.',
    }),
    expectedRevision: t.string({
      description:
        'The `UserMfa.revision` that the state must still have. Otherwise the change fails with `MfaRevisionConflictError`. Reads ignore it.',
    }),
  }),
})

export const MfaFactorInput = builder.inputType('MfaFactorInput', {
  description: "One second factor as it is to be, an entry of GenAuth's `applicationMfa`.",
  fields: t => ({
    type: t.field({
      type: MfaFactorTypeEnum,
      required: true,
      description: 'The factor (`mfaPolicy`). A list has each factor at most once.',
    }),
    enabled: t.boolean({
      required: true,
      defaultValue: true,
      description:
        'Set to `true` to switch the factor on, and to `false` to switch it off (`status` 1 or 0).',
    }),
    sort: t.int({
      description:
        'The place in the sign-in order, 0 or more. The smallest comes first. If left out, it is the place in the list, counted from 0.',
    }),
  }),
})

/** The descriptions of the two ways to change factors, which both mutations share. */
export const FACTOR_CHANGE_DESCRIPTIONS = {
  factors:
    'The whole list of factors: a factor that is left out is removed. Factors that this version does not know are kept at the end, unless `mfaToken` is given. Send either `factors`, or `enable` and `disable`.',
  enable:
    'The factors to switch on. Everything else is kept. A factor that was off goes last, so that the first factor of the user stays the same. The state before is always read.',
  disable:
    "The factors to switch off. Everything else is kept, and a factor that is not in the list is not added. GenAuth's own sign-in pages may offer a factor that is off. To be sure, leave it out of `factors`.",
  allowNoFactor:
    'Set to `true` to allow leaving the user without an enabled factor that this version knows. Otherwise such a change fails with `MfaPolicyViolationError`.',
  reason:
    'The reason of the change, which is kept in the journal alone. It has at most 500 characters in any language, and at least one letter or digit. Line ends, tabs, joiners and direction marks are kept; other control characters are refused. A deployment may demand a reason.',
  dryRun:
    'Set to `true` to preview the change: the result is a `SetUserMfaStatusPreview`, or the refusal that the change would meet. Nothing is written. A preview that names a text of `triggerData` is a guess at the stored text. It is recorded. Each phone and address in it counts as a miss of the caller.',
} as const
