import { diffFactors, isSameState, type MfaFactorChange } from '../mfa/diff.ts'
import type { MfaFactor } from '../mfa/factor.ts'
import { hasEnabledType } from '../mfa/factor.ts'
import { FAILURE_KINDS } from '../mfa/failure.ts'
import type { MfaState } from '../mfa/mfa-state.ts'
import type { MfaStatusSet } from '../mfa/user-change.ts'
import { findWarnings, type MfaWarning } from '../mfa/warnings.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { MfaChangeEffectEnum, MfaWarningCodeEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { orUnavailable, toInt, UserMfaType, unavailable } from './user-mfa.ts'

const MfaFactorStateType = builder.objectRef<MfaFactor>('MfaFactorState').implement({
  extensions: { needs: 'READ' },
  description: "The place and the switch of one factor in a user's list.",
  fields: t => ({
    enabled: t.exposeBoolean('enabled', { description: '`true` if the factor is switched on.' }),
    sort: t.int({ description: 'The place in the sign-in order.', resolve: ({ sort }) => toInt(sort) }),
  }),
})

const MfaFactorChangeType = builder.objectRef<MfaFactorChange>('MfaFactorChange').implement({
  extensions: { needs: 'READ' },
  description: 'The difference that a change makes to one factor.',
  fields: t => ({
    code: t.exposeString('code', { description: 'The name of the factor in GenAuth.' }),
    before: t.field({
      type: MfaFactorStateType,
      nullable: true,
      description: 'The factor before the change. `null` if it was not in the list.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: MfaFactorStateType,
      nullable: true,
      description: 'The factor after the change. `null` if it is not in the list.',
      resolve: ({ after }) => after,
    }),
  }),
})

const MfaWarningType = builder.objectRef<MfaWarning>('MfaWarning').implement({
  extensions: { needs: 'READ' },
  description: 'A warning about a change that is allowed all the same.',
  fields: t => ({
    code: t.expose('code', { type: MfaWarningCodeEnum, description: 'The kind of warning, for programs.' }),
    message: t.exposeString('message', { description: 'The warning as a sentence in English, for people.' }),
  }),
})

const SetUserMfaStatusSuccessType = builder.objectRef<MfaStatusSet>('SetUserMfaStatusSuccess').implement({
  extensions: { needs: 'READ' },
  description:
    'The user is in the requested state. GenAuth confirmed the write, the state was read back, or nothing needed to change. With `dryRun`, it is the state that the user would be in.',
  fields: t => ({
    userMfa: t.field({
      type: UserMfaType,
      nullable: true,
      description:
        'The state after the change, as it was written or read back. `null`, with an error at its path, if a non-null field below it cannot be read. The change stands.',
      resolve: ({ user, after }) => ({ user, state: after }),
    }),
    requestId: t.string({
      description: 'The id of this request, as in the header `x-request-id` and in the log of this server.',
      resolve: (_set, _args, context) => context.requestId,
    }),
    changed: t.boolean({
      nullable: true,
      description:
        '`true` if the state after differs from the state before, contacts and flags included. If it is `false`, nothing was written. Selecting it reads the state before, unless that is read anyway. `null`, with an error at its path, if that read failed.',
      resolve: set => !isSameState(stateBefore(set), set.after),
    }),
    changes: t.field({
      type: [MfaFactorChangeType],
      nullable: true,
      description:
        'The factors that differ from before, in sign-in order. Removed factors come last. Selecting it reads the state before, unless that is read anyway. `null`, with an error at its path, if that read failed.',
      resolve: set => diffFactors(stateBefore(set).factors, set.after.factors),
    }),
    applied: t.exposeBoolean('applied', {
      description: '`true` if a write was sent. `false` for a dry run, and if nothing needed to change.',
    }),
    verified: t.exposeBoolean('verified', {
      description:
        '`true` if `userMfa` was read in GenAuth, as it is after a write in doubt and after one that weakens. `false` if only GenAuth says "success", or for a dry run that would change something.',
    }),
    effects: t.field({
      type: [MfaChangeEffectEnum],
      description:
        'The effects that the guard rails judged the change to have. They depend on what the request names, even if the state was so already. The list is empty if there is none. Selecting it reads the state before, unless that is read anyway. It holds both effects if that read failed.',
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

/** The result of a change of one user, alone or in a list. */
export const SetUserMfaStatusPayload = builder.unionType('SetUserMfaStatusPayload', {
  description:
    'The result of a change of one user. It is a success only if GenAuth confirmed the write, the state was read back, or nothing needed to change. Also select `... on MfaError { code message }`.',
  types: [SetUserMfaStatusSuccessType, ...errorTypesOf(FAILURE_KINDS)],
  resolveType: value => toErrorType(value) ?? SetUserMfaStatusSuccessType,
})

function stateBefore({ before }: MfaStatusSet): MfaState {
  if (before === null) throw unavailable()
  return before
}

/**
 * Returns the warnings. It tells of a lock that was not shared even if other facts cannot be read, because nobody can
 * look that up later.
 */
async function resolveWarnings(
  { user, before, after, isLockShared }: MfaStatusSet,
  _args: object,
  { mfa: { reads } }: GraphQLContext,
) {
  const known = { before, after, isLockShared, bindings: null, globalFactors: null, hasLookUpFailed: false }
  if (!hasEnabledType(after.factors)) return findWarnings(known)
  const [bindings, globalFactors] = await Promise.all([reads.bindings(user), reads.globalFactors()])
  if (!isLockShared && !(bindings.ok && globalFactors.ok)) {
    return findWarnings({
      ...known,
      bindings: bindings.ok ? bindings.value : null,
      globalFactors: globalFactors.ok ? globalFactors.value : null,
      hasLookUpFailed: true,
    })
  }
  return findWarnings({
    ...known,
    bindings: orUnavailable(bindings),
    globalFactors: orUnavailable(globalFactors),
  })
}
