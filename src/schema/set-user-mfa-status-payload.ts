import { diffFactors, isSameState, type MfaFactorChange } from '../mfa/diff.ts'
import type { MfaFactor } from '../mfa/factor.ts'
import { FAILURE_KINDS } from '../mfa/failure.ts'
import type { MfaState } from '../mfa/mfa-state.ts'
import type { MfaStatusSet } from '../mfa/user-change.ts'
import { findWarnings, hasEnabledType, type MfaWarning } from '../mfa/warnings.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { MfaChangeEffectEnum, MfaWarningCodeEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { orUnavailable, toInt, UserMfaType, unavailable } from './user-mfa.ts'

const MfaFactorStateType = builder.objectRef<MfaFactor>('MfaFactorState').implement({
  extensions: { needs: 'READ' },
  description: 'How one factor stands in the list.',
  fields: t => ({
    enabled: t.exposeBoolean('enabled', { description: 'Whether it is switched on.' }),
    sort: t.int({ description: 'Its place in the sign-in order.', resolve: ({ sort }) => toInt(sort) }),
  }),
})

const MfaFactorChangeType = builder.objectRef<MfaFactorChange>('MfaFactorChange').implement({
  extensions: { needs: 'READ' },
  description: 'What became of one factor.',
  fields: t => ({
    code: t.exposeString('code', { description: 'Which factor, as GenAuth spells it.' }),
    before: t.field({
      type: MfaFactorStateType,
      nullable: true,
      description: 'How it stood before. Null: it was not in the list.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: MfaFactorStateType,
      nullable: true,
      description: 'How it stands after. Null: it is not in the list.',
      resolve: ({ after }) => after,
    }),
  }),
})

const MfaWarningType = builder.objectRef<MfaWarning>('MfaWarning').implement({
  extensions: { needs: 'READ' },
  description: 'Something an operator should know about a change that is allowed all the same.',
  fields: t => ({
    code: t.expose('code', { type: MfaWarningCodeEnum, description: 'The kind of warning, for programs.' }),
    message: t.exposeString('message', { description: 'The same in English, for people.' }),
  }),
})

const SetUserMfaStatusSuccessType = builder.objectRef<MfaStatusSet>('SetUserMfaStatusSuccess').implement({
  extensions: { needs: 'READ' },
  description:
    'The state is as asked: GenAuth confirmed the write, or it was so already. With `dryRun`: it would be.',
  fields: t => ({
    userMfa: t.field({
      type: UserMfaType,
      nullable: true,
      description:
        'The state after: what was written, or read back, and, where selected, what is looked up besides. A look-up that fails is null with an error at its path; the set stands.',
      resolve: ({ user, after }) => ({ user, state: after }),
    }),
    requestId: t.string({
      description: 'This request, as in the `x-request-id` header and in the logs of this service.',
      resolve: (_set, _args, context) => context.requestId,
    }),
    changed: t.boolean({
      nullable: true,
      description:
        'Whether the state after differs from the state before, contacts and flags included. False: nothing was written. Selecting it reads the state before, where that is not read anyway. Null, with an error at its path, when that read failed.',
      resolve: set => !isSameState(stateBefore(set), set.after),
    }),
    changes: t.field({
      type: [MfaFactorChangeType],
      nullable: true,
      description:
        'The factors that differ from before, in sign-in order, those that are gone last. Selecting it reads the state before, where that is not read anyway. Null, with an error at its path, when that read failed.',
      resolve: set => diffFactors(stateBefore(set).factors, set.after.factors),
    }),
    applied: t.exposeBoolean('applied', {
      description: 'Whether a write was sent. False for a dry run, and where there was nothing to change.',
    }),
    verified: t.exposeBoolean('verified', {
      description:
        'True: `userMfa` was read in GenAuth, as it is after a write in doubt and after one that weakens. False: only GenAuth\'s own "success" says so, or it is the forecast of a dry run.',
    }),
    effects: t.field({
      type: [MfaChangeEffectEnum],
      description:
        'The effects that the guard rails judged the change to have. They go by what the request names, whether or not the state was so already. The list is empty if there is none. Selecting it reads the state before, if that is not read anyway. It holds both if that read failed.',
      resolve: ({ effects }) => [...effects],
    }),
    warnings: t.field({
      type: [MfaWarningType],
      nullable: true,
      description:
        'What is worth knowing about the change and the state after it. Where any factor is on, selecting it reads bindings and, once a minute, the settings of the user pool. `null`, with an error at its path, if one of them could not be read; after a change whose lock was not shared the list is there all the same, with `LOCK_NOT_SHARED` and `LOOK_UP_FAILED`.',
      resolve: resolveWarnings,
    }),
  }),
})

/** What becomes of one set, alone or in a list. */
export const SetUserMfaStatusPayload = builder.unionType('SetUserMfaStatusPayload', {
  description:
    'What became of a set: a success only if GenAuth confirmed it or it was read back. Select `... on MfaError { code message }` besides.',
  types: [SetUserMfaStatusSuccessType, ...errorTypesOf(FAILURE_KINDS)],
  resolveType: value => toErrorType(value) ?? SetUserMfaStatusSuccessType,
})

function stateBefore({ before }: MfaStatusSet): MfaState {
  if (before === null) throw unavailable()
  return before
}

/** A lock that was not shared is told whatever else cannot be found out: nobody can look that up later. */
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
