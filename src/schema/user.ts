import { GraphQLError } from 'graphql'
import { toPublicMessage } from '../mfa/failure.ts'
import { builder } from './builder.ts'
import { type UserMfaSource, UserMfaType, type UserSource, UserType } from './user-mfa.ts'

UserType.implement({
  extensions: { needs: 'READ' },
  description: 'A user, as far as this subgraph knows one: its MFA. Other subgraphs own the rest.',
  fields: t => ({
    id: t.exposeID('id', { description: "GenAuth's own id (`user_id`), the key of the entity." }),
    mfa: t.field({
      type: UserMfaType,
      nullable: true,
      description:
        "The user's second factors; one upstream read for each user. Null when GenAuth knows no such user, and, with an error at this path whose code is an `MfaErrorCode`, when it could not be read.",
      resolve: async ({ id }, _args, { reads }): Promise<UserMfaSource | null> => {
        const user = { userId: id, userIdType: 'USER_ID' } as const
        const read = await reads.mfa(user)
        if (read.ok) return { user, state: read.value.state }
        if (read.failure.kind === 'USER_NOT_FOUND') return null
        throw new GraphQLError(toPublicMessage(read.failure), { extensions: { code: read.failure.kind } })
      },
    }),
  }),
})

builder.asEntity(UserType, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }): Promise<UserSource> => {
    // The caller's JSON, whatever the type says. A number has already lost digits: it could name somebody else.
    if (typeof id !== 'string') {
      throw new GraphQLError('User.id must be a string.', { extensions: { code: 'BAD_USER_INPUT' } })
    }
    return { id }
  },
})
