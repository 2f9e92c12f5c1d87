import { diffContacts } from '../mfa/contact-change.ts'
import { diffFactors, isSameState } from '../mfa/diff.ts'
import { CHANGE_FAILURE_KINDS, type MfaFailure } from '../mfa/failure.ts'
import type { MfaState } from '../mfa/mfa-state.ts'
import type { MadeChange, UserChange } from '../mfa/user-change.ts'
import { builder } from './builder.ts'
import { MfaContactChangeType, MfaFactorChangeType, MfaWarningType, resolveWarnings } from './change-parts.ts'
import { SetUserMfaStatusPreviewType } from './change-preview.ts'
import { MfaChangeEffectEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { UserMfaType } from './user-mfa.ts'

const SetUserMfaStatusSuccessType = builder.objectRef<MadeChange>('SetUserMfaStatusSuccess').implement({
  extensions: { needs: 'READ' },
  description:
    'The user is in the requested state: GenAuth confirmed the write, the state was read back, or nothing needed to change.',
  fields: t => ({
    userMfa: t.field({
      type: UserMfaType,
      description: 'The state after the change, as it was written or read back.',
      resolve: ({ user, after }) => ({ user, state: after }),
    }),
    requestId: t.string({
      description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
      resolve: (_change, _args, context) => context.requestId,
    }),
    applied: t.exposeBoolean('applied', {
      description: '`true` if a write was sent. `false` if nothing needed to change.',
    }),
    changeId: t.exposeID('changeId', {
      nullable: true,
      description:
        'The id of the change, by which `revertMfaChange` undoes it, and which its entry in the history of the user has. `null` if nothing needed to change.',
    }),
    verified: t.exposeBoolean('verified', {
      description:
        '`true` if `userMfa` was read in GenAuth, as it is after a write in doubt and after one that weakens. `false` if only GenAuth says "success".',
    }),
    changed: t.boolean({
      description:
        '`true` if the state after differs from the state before, contacts and flags included. If it is `false`, nothing was written. Selecting it reads the state before, unless that is read anyway. If that read fails, nothing is written.',
      resolve: change => !isSameState(stateBefore(change), change.after),
    }),
    changes: t.field({
      type: [MfaFactorChangeType],
      description:
        'The factors that differ from before, in sign-in order. Removed factors come last. It costs what `changed` costs.',
      resolve: change => diffFactors(stateBefore(change).factors, change.after.factors),
    }),
    contactChanges: t.field({
      type: [MfaContactChangeType],
      description: 'The contacts that differ from before, masked. It costs what `changed` costs.',
      resolve: change => diffContacts(stateBefore(change), change.after),
    }),
    effects: t.field({
      type: [MfaChangeEffectEnum],
      description:
        'The effects that the guard rails judged the change to have. They depend on what the request names, even if the state was so already. The list is empty if there is none. It costs what `changed` costs.',
      resolve: ({ effects }) => [...effects],
    }),
    warnings: t.field({
      type: [MfaWarningType],
      nullable: true,
      description:
        'Warnings about the change and the state after it. If any factor is on, selecting it reads what the user has bound and, once a minute, the settings of the user pool. `null`, with an error at its path, if one of them could not be read. After a change whose lock was not shared, the list is returned even then, with `LOCK_NOT_SHARED` and `LOOK_UP_FAILED`.',
      resolve: resolveWarnings,
    }),
  }),
})

/** The state before is read if a difference is selected. */
function stateBefore({ before }: MadeChange): MfaState {
  if (before === null) throw new Error('A difference is selected, and the state before was not read')
  return before
}

/** The kinds of failure that only an entry of a list can have. */
const KINDS_OF_LISTS: readonly string[] = ['DUPLICATE_USER', 'NOT_ATTEMPTED']

/** The members of a payload that stand for a change that did not fail. */
export const CHANGE_RESULT_TYPES = [SetUserMfaStatusSuccessType, SetUserMfaStatusPreviewType] as const

/** Returns the member of a payload for the result of a change. */
export function toChangeMember(value: UserChange | MfaFailure) {
  if (value.kind === 'MADE') return SetUserMfaStatusSuccessType
  return value.kind === 'PREVIEWED' ? SetUserMfaStatusPreviewType : toErrorType(value)
}

/** The result of a change of one user. */
export const SetUserMfaStatusPayload = builder.unionType('SetUserMfaStatusPayload', {
  description:
    'The result of a change of one user: a success, a preview if `dryRun` was `true`, or the failure that explains why there is none. Also select `... on MfaError { code message }`.',
  types: [
    ...CHANGE_RESULT_TYPES,
    ...errorTypesOf(CHANGE_FAILURE_KINDS.filter(kind => !KINDS_OF_LISTS.includes(kind))),
  ],
  resolveType: toChangeMember,
})

/** The result of a change of one user of a list. */
export const SetUsersMfaStatusResultPayload = builder.unionType('SetUsersMfaStatusResultPayload', {
  description:
    'The result of a change of one user of a list: as `SetUserMfaStatusPayload`, or a failure that only lists know. Also select `... on MfaError { code message }`.',
  types: [...CHANGE_RESULT_TYPES, ...errorTypesOf(CHANGE_FAILURE_KINDS)],
  resolveType: toChangeMember,
})
