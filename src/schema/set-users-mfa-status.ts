import { type MfaFailure, under } from '../mfa/failure.ts'
import type { UserChange } from '../mfa/user-change.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { MfaFactorTypeEnum, MfaOnErrorEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { FACTOR_CHANGE_DESCRIPTIONS, MfaFactorInput, UserRefInput } from './inputs.ts'
import { NEEDING_STATE_BEFORE, selects } from './selection.ts'
import { challengeForStepUp, onRecord } from './set-refusals.ts'
import { SetUsersMfaStatusResultPayload } from './set-user-mfa-status-payload.ts'
import { MfaUserRefType } from './user-ref.ts'

interface SetUsersMfaStatusResult {
  readonly ref: UserRef
  readonly payload: UserChange | MfaFailure
}

interface SetUsersMfaStatusSuccess {
  readonly results: readonly SetUsersMfaStatusResult[]
}

const SetUsersMfaStatusInput = builder.inputType('SetUsersMfaStatusInput', {
  description: 'The users, and the change to make: the same for all of them.',
  fields: t => ({
    users: t.field({ type: [UserRefInput], required: true, description: 'The users, from 1 to 50.' }),
    factors: t.field({ type: [MfaFactorInput], description: FACTOR_CHANGE_DESCRIPTIONS.factors }),
    enable: t.field({ type: [MfaFactorTypeEnum], description: FACTOR_CHANGE_DESCRIPTIONS.enable }),
    disable: t.field({ type: [MfaFactorTypeEnum], description: FACTOR_CHANGE_DESCRIPTIONS.disable }),
    onError: t.field({
      type: MfaOnErrorEnum,
      required: true,
      defaultValue: 'CONTINUE',
      description: 'The treatment of the other users if one cannot be changed.',
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

const SetUsersMfaStatusResultType = builder
  .objectRef<SetUsersMfaStatusResult>('SetUsersMfaStatusResult')
  .implement({
    extensions: { needs: 'READ' },
    description: 'The result of a change of one user of a list, and the entry that it belongs to.',
    fields: t => ({
      ref: t.field({
        type: MfaUserRefType,
        description: 'The user as the request named them. Use it as the key of a row.',
        resolve: ({ ref }) => ref,
      }),
      payload: t.field({
        type: SetUsersMfaStatusResultPayload,
        description: 'The result for this user.',
        resolve: ({ payload }) => payload,
      }),
    }),
  })

const SetUsersMfaStatusSuccessType = builder
  .objectRef<SetUsersMfaStatusSuccess>('SetUsersMfaStatusSuccess')
  .implement({
    extensions: { needs: 'READ' },
    description:
      'The results of a change of several users. It is no transaction: some users may be changed and others not.',
    fields: t => ({
      results: t.field({
        type: [SetUsersMfaStatusResultType],
        directives: { listSize: { assumedSize: 50 } },
        description: 'One result for each user, in the order of `users`.',
        resolve: ({ results }) => [...results],
      }),
      succeeded: t.int({
        description: 'The number of users whose state is as asked, or would be if `dryRun` was `true`.',
        resolve: ({ results }) => results.filter(({ payload }) => toErrorType(payload) === null).length,
      }),
      failed: t.int({
        description: 'The number of users that failed. A user that is named again counts as failed.',
        resolve: ({ results }) =>
          results.filter(({ payload }) => toErrorType(payload) !== null && !isNotAttempted(payload)).length,
      }),
      notAttempted: t.int({
        description: 'The number of users that were not attempted, because one before them failed.',
        resolve: ({ results }) => results.filter(({ payload }) => isNotAttempted(payload)).length,
      }),
    }),
  })

const SetUsersMfaStatusPayload = builder.unionType('SetUsersMfaStatusPayload', {
  description:
    'The results of a change of several users, or the failure that explains why none was attempted.',
  types: [SetUsersMfaStatusSuccessType, ...errorTypesOf(['INVALID_INPUT'])],
  resolveType: value => toErrorType(value) ?? SetUsersMfaStatusSuccessType,
})

builder.mutationFields(t => ({
  setUsersMfaStatus: t.field({
    type: SetUsersMfaStatusPayload,
    extensions: { needs: 'WRITE' },
    directives: { tag: { name: 'admin' }, cost: { weight: 1_010 } },
    description:
      'Makes the same change to up to 50 users, each by itself, as `setUserMfaStatus` without `mfaToken` does. It costs a read and a write for each user, and one call for each kind of identifier other than `USER_ID`. A user that is named twice is changed once. Safe to repeat.',
    args: {
      input: t.arg({
        type: SetUsersMfaStatusInput,
        required: true,
        description: 'The users, and the change to make.',
      }),
    },
    resolve: async (_root, { input }, context, info) => {
      const needs = { before: selects(info, NEEDING_STATE_BEFORE, 'results', 'payload') }
      const wanted = { ...input, reason: input.reason ?? null }
      const changed = await onRecord(() => context.mfa.setUsersMfaStatus(wanted, needs))
      if (!changed.ok) {
        countRefusedInput(changed.failure, context)
        return under(['input'], changed.failure)
      }
      const payloads = changed.value.map(result => {
        if (result.ok) return result.value
        challengeForStepUp(result.failure, context)
        return under(['input'], result.failure)
      })
      const results = input.users.flatMap((ref, index) => {
        const payload = payloads[index]
        return payload === undefined ? [] : [{ ref, payload }]
      })
      return { results }
    },
  }),
}))

function isNotAttempted({ kind }: UserChange | MfaFailure): boolean {
  return kind === 'NOT_ATTEMPTED'
}
