import { type MfaFailure, under } from '../mfa/failure.ts'
import { setUserMfaStatus } from '../mfa/set-user-mfa-status.ts'
import { builder } from './builder.ts'
import { MfaFactorTypeEnum, UserIdTypeEnum } from './enums.ts'
import { allErrorTypes, toErrorType } from './errors.ts'
import { type UserMfaSource, UserMfaType } from './user-mfa.ts'

interface SetUserMfaStatusSuccess {
  readonly userMfa: UserMfaSource
}

const KEEPS = 'Left out: kept as it is, unless `mfaToken` is given. Null: cleared.'

const MfaFactorInput = builder.inputType('MfaFactorInput', {
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
        'The identifier, read as `userIdType` says: at most 512 characters, not blank, no control or format characters.',
    }),
    userIdType: t.field({
      type: UserIdTypeEnum,
      required: true,
      defaultValue: 'USER_ID',
      description:
        "How to read `userId`. Any type but `USER_ID` costs one more upstream read, to write to GenAuth's own id.",
    }),
    factors: t.field({
      type: [MfaFactorInput],
      required: true,
      description:
        'The whole list of known factors: one that is left out is removed. Factors that this version does not know are kept behind them, unless `mfaToken` is given.',
    }),
    triggerData: t.field({
      type: MfaTriggerDataInput,
      description: 'What else to set. Left out: all of it is kept.',
    }),
  }),
})

const SetUserMfaStatusSuccessType = builder
  .objectRef<SetUserMfaStatusSuccess>('SetUserMfaStatusSuccess')
  .implement({
    description: 'GenAuth confirmed the set.',
    fields: t => ({
      userMfa: t.field({
        type: UserMfaType,
        nullable: true,
        description:
          'The state after: what was written, and, where selected, what is looked up besides. A look-up that fails is null with an error at its path; the set stands.',
        resolve: ({ userMfa }) => userMfa,
      }),
      requestId: t.string({
        description: 'This request, as in the `x-request-id` header and in the logs of this service.',
        resolve: (_success, _args, context) => context.requestId,
      }),
      applied: t.boolean({
        description: 'Whether a write was made and confirmed by GenAuth.',
        resolve: () => true,
      }),
    }),
  })

const SetUserMfaStatusPayload = builder.unionType('SetUserMfaStatusPayload', {
  description:
    'What became of a set: a success only if GenAuth confirmed it. Select `... on MfaError { code message }` besides.',
  types: [SetUserMfaStatusSuccessType, ...allErrorTypes()],
  resolveType: value => toErrorType(value) ?? SetUserMfaStatusSuccessType,
})

builder.mutationFields(t => ({
  setUserMfaStatus: t.field({
    type: SetUserMfaStatusPayload,
    description:
      'With `triggerData.mfaToken` the input is the whole new state, and what is left out is gone; without it the current state is read and the input is laid over it. Sets which second factors of a user are on and in which order. GenAuth has no compare-and-swap: two sets at the same time may undo one another. Safe to repeat: setting the same twice gives the same state.',
    args: {
      input: t.arg({ type: SetUserMfaStatusInput, required: true, description: 'Whose MFA, and to what.' }),
    },
    resolve: async (_root, { input }, { upstream, reads }): Promise<SetUserMfaStatusSuccess | MfaFailure> => {
      const { userId, userIdType, factors, triggerData } = input
      const wanted = { userId, userIdType, factors, triggerData: triggerData ?? {} }
      const result = await setUserMfaStatus(upstream, wanted)
      if (!result.ok) return under(['input'], result.failure)
      reads.forgetMfa()
      const user = { userId: result.value.userId, userIdType: 'USER_ID' } as const
      return { userMfa: { user, state: result.value.state } }
    },
  }),
}))
