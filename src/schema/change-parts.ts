import type { MfaContactChange } from '../mfa/contact-change.ts'
import type { MfaFactorChange } from '../mfa/diff.ts'
import { hasEnabledType, type MfaFactor } from '../mfa/factor.ts'
import type { UserChange } from '../mfa/user-change.ts'
import { findWarnings, type MfaWarning } from '../mfa/warnings.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { MfaContactFieldEnum, MfaWarningCodeEnum } from './enums.ts'
import { toInt } from './state-fields.ts'
import { orUnavailable } from './unavailable.ts'

const MfaFactorStateType = builder.objectRef<MfaFactor>('MfaFactorState').implement({
  extensions: { needs: 'READ' },
  description: "The place and the switch of one factor in a user's list.",
  fields: t => ({
    enabled: t.exposeBoolean('enabled', { description: '`true` if the factor is switched on.' }),
    sort: t.int({ description: 'The place in the sign-in order.', resolve: ({ sort }) => toInt(sort) }),
  }),
})

export const MfaFactorChangeType = builder.objectRef<MfaFactorChange>('MfaFactorChange').implement({
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

export const MfaContactChangeType = builder.objectRef<MfaContactChange>('MfaContactChange').implement({
  extensions: { needs: 'READ' },
  description:
    'The difference that a change makes to one contact, masked. Two contacts that differ may look the same.',
  fields: t => ({
    field: t.expose('field', { type: MfaContactFieldEnum, description: 'The contact that differs.' }),
    before: t.string({
      nullable: true,
      description: 'The contact before the change, masked. `null` if there was none.',
      resolve: ({ before }) => before,
    }),
    after: t.string({
      nullable: true,
      description: 'The contact after the change, masked. `null` if there is none.',
      resolve: ({ after }) => after,
    }),
  }),
})

export const MfaWarningType = builder.objectRef<MfaWarning>('MfaWarning').implement({
  extensions: { needs: 'ANY_SCOPE' },
  description: 'A warning about a change that is allowed all the same.',
  fields: t => ({
    code: t.expose('code', { type: MfaWarningCodeEnum, description: 'The kind of warning, for programs.' }),
    message: t.exposeString('message', { description: 'The warning as a sentence in English, for people.' }),
    users: t.int({
      nullable: true,
      description:
        'The number of users that `USERS_WITHOUT_BOUND_FACTOR` is about. `null` for each other kind of warning.',
      resolve: ({ users }) => users,
    }),
  }),
})

/**
 * Returns the warnings. It tells of a lock that was not shared even if other facts cannot be read, because nobody can
 * look that up later.
 */
export async function resolveWarnings(change: UserChange, _args: object, { mfa: { reads } }: GraphQLContext) {
  const { user, before, after } = change
  const isLockShared = change.kind === 'PREVIEWED' || change.isLockShared
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
