import { under } from '../mfa/failure.ts'
import { builder } from './builder.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { MfaFactorTypeEnum, UserIdTypeEnum } from './enums.ts'
import { FACTOR_CHANGE_DESCRIPTIONS, MfaFactorInput } from './inputs.ts'
import { selects } from './selection.ts'
import { challengeForStepUp, onRecord } from './set-refusals.ts'
import { SetUserMfaStatusPayload } from './set-user-mfa-status-payload.ts'

const KEEPS = 'Left out: kept as it is, unless `mfaToken` is given. Null: cleared.'

const MfaTriggerDataInput = builder.inputType('MfaTriggerDataInput', {
  description:
    "The rest of GenAuth's `mfaTriggerData`, beside the factors. Contacts are passed on as given and come back masked.",
  fields: t => ({
    mfaToken: t.string({
      description:
        "GenAuth's MFA session token for this user. With it the input is the whole new state: nothing is read, and what is left out is gone. Without it the current token is read and used. A live credential: it is never returned, logged or kept.",
    }),
    mfaPhone: t.string({ description: `Phone that SMS codes go to. ${KEEPS}` }),
    mfaPhoneCountryCode: t.string({ description: `Its country code, as \`+86\`. ${KEEPS}` }),
    mfaEmail: t.string({ description: `Address that e-mail codes go to. ${KEEPS}` }),
    nickname: t.string({ description: `Nickname to show. ${KEEPS}` }),
    username: t.string({ description: `User name to show. ${KEEPS}` }),
    phone: t.string({ description: `The account's phone, not the factor's. ${KEEPS}` }),
    phoneCountryCode: t.string({ description: `The account's country code, not the factor's. ${KEEPS}` }),
    faceMfaEnabled: t.boolean({ description: `That this user has enrolled a face. ${KEEPS}` }),
    totpMfaEnabled: t.boolean({ description: `That this user has enrolled an authenticator app. ${KEEPS}` }),
  }),
})

const SetUserMfaStatusInput = builder.inputType('SetUserMfaStatusInput', {
  description: 'Whose MFA to set, and to what.',
  fields: t => ({
    userId: t.string({
      required: true,
      description:
        'The identifier, read as `userIdType` says: at most 512 characters, no blank at an end, no control or format characters.',
    }),
    userIdType: t.field({
      type: UserIdTypeEnum,
      required: true,
      defaultValue: 'USER_ID',
      description:
        "How to read `userId`. Any type but `USER_ID` costs one more upstream read, to write to GenAuth's own id.",
    }),
    factors: t.field({ type: [MfaFactorInput], description: FACTOR_CHANGE_DESCRIPTIONS.factors }),
    enable: t.field({ type: [MfaFactorTypeEnum], description: FACTOR_CHANGE_DESCRIPTIONS.enable }),
    disable: t.field({ type: [MfaFactorTypeEnum], description: FACTOR_CHANGE_DESCRIPTIONS.disable }),
    triggerData: t.field({
      type: MfaTriggerDataInput,
      description: 'What else to set. Left out: all of it is kept.',
    }),
    expectedRevision: t.string({
      description:
        'Set only if the state still has this `UserMfa.revision`, else `MfaRevisionConflictError`. Sets of this process wait for one another; between the check and the write another client of GenAuth may still get in, since GenAuth has no compare-and-swap.',
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
      'With `triggerData.mfaToken` and `factors` the input is the whole new state, and what is left out is gone; otherwise the current state is read and the input is laid over it. Sets which second factors of a user are on and in which order. What is known to change nothing is not written. A success is one that GenAuth confirmed or that was read back; a write in doubt is read back before it is answered. Safe to repeat: setting the same twice gives the same state. Sets of one user wait for one another in this process; another client of GenAuth can still get in between, since GenAuth has no compare-and-swap.',
    args: {
      input: t.arg({ type: SetUserMfaStatusInput, required: true, description: 'Whose MFA, and to what.' }),
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
      const needs = { before: selects(info, ['changed', 'changes', 'effects']) }
      const result = await onRecord(() => context.mfa.setUserMfaStatus(wanted, needs))
      if (result.ok) return result.value
      countRefusedInput(result.failure, context)
      challengeForStepUp(result.failure, context)
      return under(['input'], result.failure)
    },
  }),
}))
