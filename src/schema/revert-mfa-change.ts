import { revertChange } from '../history/revert-change.ts'
import { CHANGE_FAILURE_KINDS, type MfaFailure, under } from '../mfa/failure.ts'
import type { UserChange } from '../mfa/user-change.ts'
import { builder } from './builder.ts'
import { countRefusedInput } from './count-refused-input.ts'
import { FEATURE_OFF } from './coverage/feature-off.ts'
import { fromStore } from './coverage/from-store.ts'
import { errorTypesOf } from './errors.ts'
import { FACTOR_CHANGE_DESCRIPTIONS } from './inputs.ts'
import { NEEDING_STATE_BEFORE, selects } from './selection.ts'
import { challengeForStepUp, onRecord } from './set-refusals.ts'
import { CHANGE_RESULT_TYPES, toChangeMember } from './set-user-mfa-status-payload.ts'

/** The kinds in which a change ends only if its caller names the user. */
const KINDS_OF_NAMED_USERS: readonly string[] = ['AMBIGUOUS_USER', 'DUPLICATE_USER', 'NOT_ATTEMPTED']

const RevertMfaChangePayload = builder.unionType('RevertMfaChangePayload', {
  description:
    'The result of an undo: a success, a preview if `dryRun` was `true`, or the failure that explains why there is none. Also select `... on MfaError { code message }`.',
  types: [
    ...CHANGE_RESULT_TYPES,
    ...errorTypesOf(CHANGE_FAILURE_KINDS.filter(kind => !KINDS_OF_NAMED_USERS.includes(kind))),
    ...errorTypesOf(['CHANGE_NOT_FOUND', 'NOT_REVERTIBLE', 'FEATURE_OFF']),
  ],
  resolveType: toChangeMember,
})

const RevertMfaChangeInput = builder.inputType('RevertMfaChangeInput', {
  description: 'The change to undo.',
  fields: t => ({
    changeId: t.id({
      required: true,
      description: 'The `id` of a change that this server made, from the history of the user.',
    }),
    reason: t.string({ description: FACTOR_CHANGE_DESCRIPTIONS.reason }),
    allowNoFactor: t.boolean({
      required: true,
      defaultValue: false,
      description: FACTOR_CHANGE_DESCRIPTIONS.allowNoFactor,
    }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Set to `true` to preview the undo: the result is a `SetUserMfaStatusPreview`, or the refusal that the undo would meet. Nothing is written. To undo, send the same without it.',
    }),
  }),
})

builder.mutationField('revertMfaChange', t =>
  t.field({
    type: RevertMfaChangePayload,
    extensions: { needs: 'WRITE' },
    directives: { tag: { name: 'admin' }, cost: { weight: 40 } },
    description:
      'Undoes a change of factors that this server made. The factors become what they were before it, in the same order. That includes factors that this version does not know. An undo is a change of its own, with the same guard rails, limits and records, and can be undone, too. The user must still be in the state that the change made, otherwise the result is `MfaRevisionConflictError`. So is a second undo of the same change. A change of more than factors, or one that may not have been made, is `MfaNotRevertibleError`. It costs two calls to GenAuth, three if it weakens, or one for a preview.',
    args: {
      input: t.arg({ type: RevertMfaChangeInput, required: true, description: 'The change to undo.' }),
    },
    resolve: async (_root, { input }, context, info): Promise<UserChange | MfaFailure> => {
      const { changes, mfa } = context
      if (changes === null) return FEATURE_OFF
      const wanted = {
        changeId: input.changeId,
        reason: input.reason ?? null,
        allowNoFactor: input.allowNoFactor,
        dryRun: input.dryRun,
      }
      const needs = { before: selects(info, NEEDING_STATE_BEFORE) }
      const result = await fromStore(() => onRecord(() => revertChange({ changes, mfa }, wanted, needs)))
      if (result.ok) return result.value
      countRefusedInput(result.failure, context)
      challengeForStepUp(result.failure, context)
      return under(['input'], result.failure)
    },
  }),
)
