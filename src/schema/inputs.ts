import { builder } from './builder.ts'
import { MfaFactorTypeEnum, UserIdTypeEnum } from './enums.ts'

export const UserRefInput = builder.inputType('UserRefInput', {
  description: 'One user, named by an exact identifier.',
  fields: t => ({
    userId: t.string({
      required: true,
      description:
        'The identifier, read as `userIdType` says: at most 512 characters, no blank at an end, no control or format characters. Always a string: a number is refused, since it may already have lost digits.',
    }),
    userIdType: t.field({
      type: UserIdTypeEnum,
      required: true,
      defaultValue: 'USER_ID',
      description: 'How to read `userId`.',
    }),
    expectedRevision: t.string({
      description:
        'For a set: refused if the state is no longer the one with this `UserMfa.revision`. A read ignores it.',
    }),
  }),
})

export const MfaFactorInput = builder.inputType('MfaFactorInput', {
  description: 'One factor as it shall be. Maps to one entry of `applicationMfa`.',
  fields: t => ({
    type: t.field({
      type: MfaFactorTypeEnum,
      required: true,
      description: 'Which factor (`mfaPolicy`). Each at most once in a list.',
    }),
    enabled: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Whether it is switched on (`status` 1 or 0).',
    }),
    sort: t.int({
      description:
        'Place in the sign-in order, 0 or more, the smallest first. Left out: its place in the list, counted from 0.',
    }),
  }),
})

/** The two ways to change factors, in words that both mutations share. */
export const FACTOR_CHANGE_DESCRIPTIONS = {
  factors:
    'The whole list of known factors: one that is left out is removed. Factors that this version does not know are kept behind them. Either this, or `enable` and `disable`.',
  enable:
    "A patch: switches these on and keeps everything else. One that was not on goes last, so that nobody's first factor changes by it. The state before is always read.",
  disable:
    "A patch: switches these off and keeps everything else; one that is not listed stays so. Note that GenAuth's own sign-in pages may offer a factor that is off: leave it out of `factors` to be sure.",
  allowNoFactor:
    'Says that it is meant to leave the user without any enabled factor that this version knows; else such a set is `MfaPolicyViolationError`.',
  reason:
    'Why, for the journal alone: at most 500 characters in any language, at least one letter or digit. Line ends, tabs, joiners and direction marks are kept; other control characters are refused. Deployments may demand one.',
  dryRun:
    'Only say what a real call would answer: the same refusals, the same `changes`, and `applied: false`. Nothing is written. A dry run that names a text of `triggerData` is a guess at what is stored. It is on record, and counts as a miss of the caller.',
} as const
