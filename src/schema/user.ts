import { z } from 'zod'
import type { MfaFailure, Result } from '../mfa/failure.ts'
import { foldUserRef, type UserRef } from '../mfa/user-ref.ts'
import { toFailureError } from './coded-error.ts'
import type { GraphQLContext } from './context.ts'
import { readUserMfa } from './read-user-mfa.ts'
import { refuseCounted } from './refuse-counted.ts'
import { NEEDING_GENAUTH_ID, selects } from './selection.ts'
import { UserMfaType } from './user-mfa.ts'
import { type UserMfaSource, type UserSource, UserType } from './user-source.ts'

UserType.implement({
  extensions: { needs: 'READ' },
  directives: { key: { fields: 'id' } },
  description:
    'A user of your supergraph. This subgraph adds the second factors; other subgraphs own the rest.',
  fields: t => ({
    id: t.exposeID('id', {
      description:
        "The key of the user in your supergraph. It is GenAuth's own id (`user_id`), or, if so configured, the user's external id or user name.",
    }),
    mfa: t.field({
      type: UserMfaType,
      nullable: true,
      directives: { cost: { weight: 10 } },
      description:
        "The user's second factors. It costs one call to GenAuth for each user. `null` if GenAuth knows no such user. Also `null` if they could not be read: the error at this path then has an `MfaErrorCode` as its code.",
      resolve: async ({ id, mfa }, _args, context, info): Promise<UserMfaSource | null> => {
        const read = mfa ?? (await readMfa(id, selects(info, NEEDING_GENAUTH_ID), context))
        if (read.ok) return read.value
        if (isUnknown(read.failure)) return null
        throw toFailureError(read.failure)
      },
    }),
  }),
})

/** A number may already have lost digits, and would then name another user. */
const UserKey = z.object({ id: z.string() })

/**
 * Returns the user that a gateway names by its key, or `null` if GenAuth does not know the user. The read is the one
 * that `mfa` needs.
 *
 * @param needsId `true` if a field below `mfa` needs GenAuth's own id
 * @throws an error with the code `BAD_USER_INPUT` if the key is missing or is no string
 */
export async function resolveUserReference(
  representation: unknown,
  needsId: boolean,
  context: GraphQLContext,
): Promise<UserSource | null> {
  const key = UserKey.safeParse(representation)
  if (!key.success) return refuseCounted(context, 'User.id must be a string.')
  const mfa = await readMfa(key.data.id, needsId, context)
  const { userId } = toUserRef(key.data.id, context)
  return !mfa.ok && isUnknown(mfa.failure) ? null : { id: userId, mfa }
}

function readMfa(id: string, needsId: boolean, context: GraphQLContext): Promise<Result<UserMfaSource>> {
  return readUserMfa(context.mfa.reads, toUserRef(id, context), needsId)
}

function toUserRef(id: string, { mfa }: GraphQLContext): UserRef {
  return foldUserRef({ userId: id, userIdType: mfa.entityIdType })
}

function isUnknown({ kind }: MfaFailure): boolean {
  return kind === 'USER_NOT_FOUND'
}
