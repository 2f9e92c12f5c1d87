import { under } from '../mfa/failure.ts'
import { builder } from './builder.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { MfaFactorTypeEnum, UserIdTypeEnum } from './enums.ts'
import { FACTOR_CHANGE_DESCRIPTIONS, MfaFactorInput } from './inputs.ts'
import { NEEDING_STATE_BEFORE, selects } from './selection.ts'
import { challengeForStepUp, onRecord } from './set-refusals.ts'
import { SetUserMfaStatusPayload } from './set-user-mfa-status-payload.ts'

const KEEPS = 'If left out, it is kept, unless `mfaToken` and `factors` are given. `null` clears it.'

const MfaTriggerDataInput = builder.inputType('MfaTriggerDataInput', {
  description:
    "The contacts, names and flags that a change can set, the rest of GenAuth's `mfaTriggerData`. Contacts are checked before anything is sent, and results show them masked. Any of these fields but `mfaToken` may be set alone, without a factor.",
  fields: t => ({
    mfaToken: t.string({
      description:
        "GenAuth's MFA session token for this user. Together with `factors` it makes the input the whole new state: whatever is left out is removed. If it is left out, the current token is read and used. It is a live credential, and is never returned, logged or kept.",
    }),
    mfaPhone: t.string({
      description: `The phone that SMS codes go to. With a \`+\` it sets \`mfaPhoneCountryCode\`, too: \`+8613800000001\` becomes \`+86\` and \`13800000001\`. Blanks, dashes, brackets and dots are dropped. ${KEEPS}`,
    }),
    mfaPhoneCountryCode: t.string({
      description: `The country code of \`mfaPhone\`, for example \`+86\`. It must be the one in \`mfaPhone\`, if that has one. ${KEEPS}`,
    }),
    mfaEmail: t.string({
      description: `The address that e-mail codes go to. It holds ASCII characters alone, with an international domain in Punycode. ${KEEPS}`,
    }),
    nickname: t.string({ description: `The nickname that is shown. ${KEEPS}` }),
    username: t.string({ description: `The user name that is shown. ${KEEPS}` }),
    phone: t.string({
      description: `The phone of the account, not of the factor. It is read as \`mfaPhone\` is, and a \`+\` sets \`phoneCountryCode\`. ${KEEPS}`,
    }),
    phoneCountryCode: t.string({ description: `The country code of \`phone\`. ${KEEPS}` }),
    faceMfaEnabled: t.boolean({ description: `Set to \`true\` if this user has enrolled a face. ${KEEPS}` }),
    totpMfaEnabled: t.boolean({
      description: `Set to \`true\` if this user has enrolled an authenticator app. ${KEEPS}`,
    }),
  }),
})

const SetUserMfaStatusInput = builder.inputType('SetUserMfaStatusInput', {
  description: 'The user, and the change to make.',
  fields: t => ({
    userId: t.string({
      required: true,
      description:
        'The identifier of the user, read as `userIdType` says. It has at most 512 characters, no blank at an end, and no control or format characters. A phone may be pasted as it is written: `+86 138 0000 0001`.',
    }),
    userIdType: t.field({
      type: UserIdTypeEnum,
      required: true,
      defaultValue: 'USER_ID',
      description:
        "The kind of identifier that `userId` is. Any kind but `USER_ID` costs one more call, to find GenAuth's own id.",
    }),
    factors: t.field({ type: [MfaFactorInput], description: FACTOR_CHANGE_DESCRIPTIONS.factors }),
    enable: t.field({ type: [MfaFactorTypeEnum], description: FACTOR_CHANGE_DESCRIPTIONS.enable }),
    disable: t.field({ type: [MfaFactorTypeEnum], description: FACTOR_CHANGE_DESCRIPTIONS.disable }),
    triggerData: t.field({
      type: MfaTriggerDataInput,
      description:
        'Contacts, names and flags to set, alone or together with factors. If left out, all of them are kept.',
    }),
    expectedRevision: t.string({
      description:
        'The `UserMfa.revision` that the state must still have. Otherwise the change fails with `MfaRevisionConflictError`. Another client of GenAuth may still change the user between the check and the write, since GenAuth has no compare-and-swap.',
    }),
    allowNoFactor: t.boolean({
      required: true,
      defaultValue: false,
      description: FACTOR_CHANGE_DESCRIPTIONS.allowNoFactor,
    }),
    reason: t.string({ description: FACTOR_CHANGE_DESCRIPTIONS.reason }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: FACTOR_CHANGE_DESCRIPTIONS.dryRun,
    }),
  }),
})

builder.mutationFields(t => ({
  setUserMfaStatus: t.field({
    type: SetUserMfaStatusPayload,
    extensions: { needs: 'WRITE' },
    directives: { tag: { name: 'admin' }, cost: { weight: 40 } },
    description:
      'Changes which second factors of a user are on, in which order, and where codes go. The current state is read, and the input is laid over it. If nothing would change, nothing is written. With `dryRun` the result is a preview. It returns a success only if GenAuth confirmed the write, or the state was read back. A write in doubt is read back before the result is returned. Safe to repeat: the same change twice gives the same state. Changes of one user run one after another, in this process or in all replicas that share Redis. Another client of GenAuth can still come between, since GenAuth has no compare-and-swap. With `triggerData.mfaToken` and `factors`, which is rare, the input is the whole new state instead, and whatever is left out is removed.',
    args: {
      input: t.arg({
        type: SetUserMfaStatusInput,
        required: true,
        description: 'The user, and the change to make.',
      }),
    },
    resolve: async (_root, { input }, context, info) => {
      const wanted = {
        userId: input.userId,
        userIdType: input.userIdType,
        factors: input.factors,
        enable: input.enable,
        disable: input.disable,
        triggerData: input.triggerData ?? {},
        expectedRevision: input.expectedRevision ?? null,
        allowNoFactor: input.allowNoFactor,
        reason: input.reason ?? null,
        dryRun: input.dryRun,
      }
      const needs = { before: selects(info, NEEDING_STATE_BEFORE) }
      const result = await onRecord(() => context.mfa.setUserMfaStatus(wanted, needs))
      if (result.ok) return result.value
      countRefusedInput(result.failure, context)
      challengeForStepUp(result.failure, context)
      return under(['input'], result.failure)
    },
  }),
}))
