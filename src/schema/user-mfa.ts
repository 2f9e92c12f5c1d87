import type { UserRef } from '../mfa/user-ref.ts'
import { MfaAccountType } from './account.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { stateFields } from './state-fields.ts'
import { orUnavailable } from './unavailable.ts'
import { type UserMfaSource, type UserSource, UserType } from './user-source.ts'

export const UserMfaType = builder.objectRef<UserMfaSource>('UserMfa').implement({
  extensions: { needs: 'READ' },
  description: 'The second factors of one user, as GenAuth has stored them.',
  fields: t => ({
    id: t.id({
      description:
        "GenAuth's own id of the user, whatever identifier was given. Select it in every document: by it a cache joins the state that a change returns with the one on the screen. It costs nothing in a change, and if the user was named by `USER_ID`. Otherwise it costs one more read, to find it.",
      resolve: ({ user }, _args, context) => toGenAuthId(user, context),
    }),
    account: t.field({
      type: MfaAccountType,
      nullable: true,
      directives: { cost: { weight: 10 } },
      description:
        'The person whose factors these are. `null` if GenAuth could not be asked, or may have replied about another user: the error at this path then has the code `UPSTREAM_UNAVAILABLE`, `RATE_LIMITED` or `AMBIGUOUS_USER`. Costs one read, which counts for the caller and which `id` and `user` share.',
      resolve: async ({ user }, _args, { mfa: { reads } }) => orUnavailable(await reads.account(user)),
    }),
    user: t.field({
      type: UserType,
      nullable: true,
      directives: { cost: { weight: 10 } },
      description:
        'The user, by the kind of id that your supergraph uses. `null` if the user has no id of that kind. Also `null` if GenAuth could not be asked, or may have replied about another user: the error at this path then has the code `UPSTREAM_UNAVAILABLE`, `RATE_LIMITED` or `AMBIGUOUS_USER`. Costs one more read, which counts for the caller, unless that kind is `USER_ID` and the user was named by it.',
      resolve: async ({ user }, _args, { mfa: { reads } }): Promise<UserSource | null> => {
        const id = orUnavailable(await reads.entityId(user))
        return id === null ? null : { id, mfa: null }
      },
    }),
    revision: t.string({
      description:
        "The revision of this user's state: the factors in order, and every other field that a change can touch. Send it as `expectedRevision`, and the change is refused if the state has changed since, or belongs to another user. It is opaque. Equal states of one user have equal revisions. Costs one more read, to find GenAuth's own id, unless the user was named by `USER_ID`.",
      resolve: async ({ user, state }, _args, context) =>
        context.mfa.toRevision(await toGenAuthId(user, context), state),
    }),
    ...stateFields(t),
  }),
})

async function toGenAuthId(user: UserRef, { mfa }: GraphQLContext): Promise<string> {
  return orUnavailable(await mfa.reads.genauthId(user))
}
