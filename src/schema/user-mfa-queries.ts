import { type MfaFailure, READ_FAILURE_KINDS, refusedInput, toReadFailure, under } from '../mfa/failure.ts'
import type { UserReads } from '../mfa/user-reads.ts'
import { findUserCountFault, type UserRef } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { UserIdTypeEnum } from './enums.ts'
import { errorTypesOf, toErrorType } from './errors.ts'
import { UserRefInput } from './inputs.ts'
import { readUserMfa } from './read-user-mfa.ts'
import { NEEDING_GENAUTH_ID, selects } from './selection.ts'
import { UserMfaType } from './user-mfa.ts'
import { MfaUserRefType } from './user-ref.ts'
import type { UserMfaSource } from './user-source.ts'

interface UsersMfaResult {
  readonly ref: UserRef
  readonly payload: UserMfaSource | MfaFailure
}

interface UsersMfaSuccess {
  readonly results: readonly UsersMfaResult[]
}

const UserMfaPayload = builder.unionType('UserMfaPayload', {
  description:
    "A user's second factors, or the failure that explains why they cannot be shown. Also select `... on MfaError { code message }`.",
  types: [UserMfaType, ...errorTypesOf(READ_FAILURE_KINDS)],
  resolveType: value => toErrorType(value) ?? UserMfaType,
})

const UsersMfaResultType = builder.objectRef<UsersMfaResult>('UsersMfaResult').implement({
  extensions: { needs: 'READ' },
  description: 'The result for one user of a list, and the entry that it belongs to.',
  fields: t => ({
    ref: t.field({
      type: MfaUserRefType,
      description: 'The user as the request named them. Use it as the key of a row.',
      resolve: ({ ref }) => ref,
    }),
    payload: t.field({
      type: UserMfaPayload,
      description: 'The second factors of this user, or why they cannot be shown.',
      resolve: ({ payload }) => payload,
    }),
  }),
})

const UsersMfaSuccessType = builder.objectRef<UsersMfaSuccess>('UsersMfaSuccess').implement({
  extensions: { needs: 'READ' },
  description: 'The results of a query for several users.',
  fields: t => ({
    results: t.field({
      type: [UsersMfaResultType],
      directives: { listSize: { assumedSize: 50 } },
      description:
        'One result for each user, in the order of `users`. A user that cannot be read is an error at its index and does not affect the others.',
      resolve: ({ results }) => [...results],
    }),
  }),
})

const UsersMfaPayload = builder.unionType('UsersMfaPayload', {
  description: 'The results for several users, or the failure that explains why none was read.',
  types: [UsersMfaSuccessType, ...errorTypesOf(['INVALID_INPUT'])],
  resolveType: value => toErrorType(value) ?? UsersMfaSuccessType,
})

builder.queryFields(t => ({
  userMfa: t.field({
    type: UserMfaPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 10 } },
    description:
      "Reads one user's second factors. It costs one call to GenAuth; `id`, `account`, `bound`, `posture`, `user` and `revision` may cost more if they are selected. Safe to repeat.",
    args: {
      userId: t.arg.string({
        required: true,
        description:
          'The identifier of the user, read as `userIdType` says. It has at most 512 characters, no blank at an end, and no control or format characters. A phone may be pasted as it is written: `+86 138 0000 0001`.',
      }),
      userIdType: t.arg({
        type: UserIdTypeEnum,
        required: true,
        defaultValue: 'USER_ID',
        description: 'The kind of identifier that `userId` is.',
      }),
    },
    resolve: (_root, user, { mfa: { reads } }, info) =>
      toPayload(reads, user, [], selects(info, NEEDING_GENAUTH_ID)),
  }),
  usersMfa: t.field({
    type: UsersMfaPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 500 } },
    description:
      'Reads the second factors of up to 50 users. It costs one call to GenAuth for each. A user that cannot be read is an error at its index. Safe to repeat.',
    args: {
      users: t.arg({ type: [UserRefInput], required: true, description: 'The users, from 1 to 50.' }),
    },
    resolve: async (
      _root,
      { users },
      { mfa: { reads }, countRefusal },
      info,
    ): Promise<UsersMfaSuccess | MfaFailure> => {
      const fault = findUserCountFault(users.length)
      if (fault !== null) {
        countRefusal()
        return refusedInput([{ path: ['users'], message: fault }])
      }
      const needsId = selects(info, NEEDING_GENAUTH_ID, 'results', 'payload')
      const results = users.map(async (ref, index) => ({
        ref,
        payload: await toPayload(reads, ref, ['users', `${index}`], needsId),
      }))
      return { results: await Promise.all(results) }
    },
  }),
}))

/** Returns the state of one user, or the failure with the place of the user in the request. */
async function toPayload(
  reads: UserReads,
  given: UserRef,
  path: readonly string[],
  needsId: boolean,
): Promise<UserMfaSource | MfaFailure> {
  const read = await readUserMfa(reads, given, needsId)
  return read.ok ? read.value : under(path, toReadFailure(read.failure))
}
