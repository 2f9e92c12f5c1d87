import { type MfaFailure, refusedInput, toReadFailure, under } from '../mfa/failure.ts'
import type { UserReads } from '../mfa/user-reads.ts'
import { findUserCountFault, type UserRef } from '../mfa/user-ref.ts'
import { builder } from './builder.ts'
import { UserIdTypeEnum } from './enums.ts'
import { errorTypesOf, READ_FAILURE_KINDS, toErrorType } from './errors.ts'
import { UserRefInput } from './inputs.ts'
import { type UserMfaSource, UserMfaType } from './user-mfa.ts'

interface UsersMfaSuccess {
  readonly results: readonly (UserMfaSource | MfaFailure)[]
}

const UserMfaPayload = builder.unionType('UserMfaPayload', {
  description: "A user's MFA, or why it cannot be shown. Select `... on MfaError { code message }` besides.",
  types: [UserMfaType, ...errorTypesOf(READ_FAILURE_KINDS)],
  resolveType: value => toErrorType(value) ?? UserMfaType,
})

const UsersMfaSuccessType = builder.objectRef<UsersMfaSuccess>('UsersMfaSuccess').implement({
  extensions: { needs: 'READ' },
  description: 'The answers for each of several users.',
  fields: t => ({
    results: t.field({
      type: [UserMfaPayload],
      directives: { listSize: { assumedSize: 50 } },
      description: 'One for each user, in the order asked. A user that fails does not blank the others.',
      resolve: ({ results }) => [...results],
    }),
  }),
})

const UsersMfaPayload = builder.unionType('UsersMfaPayload', {
  description: 'The answers for several users, or why none was looked up.',
  types: [UsersMfaSuccessType, ...errorTypesOf(['INVALID_INPUT'])],
  resolveType: value => toErrorType(value) ?? UsersMfaSuccessType,
})

builder.queryFields(t => ({
  userMfa: t.field({
    type: UserMfaPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 10 } },
    description:
      "One user's second factors. One upstream read; `bound`, `posture` and `user` cost more, only when selected. Safe to repeat.",
    args: {
      userId: t.arg.string({
        required: true,
        description:
          'The identifier, read as `userIdType` says: at most 512 characters, no blank at an end, no control or format characters.',
      }),
      userIdType: t.arg({
        type: UserIdTypeEnum,
        required: true,
        defaultValue: 'USER_ID',
        description: 'How to read `userId`.',
      }),
    },
    resolve: (_root, user, { reads }) => readUserMfa(reads, user, []),
  }),
  usersMfa: t.field({
    type: UsersMfaPayload,
    extensions: { needs: 'READ' },
    directives: { tag: { name: 'admin' }, cost: { weight: 500 } },
    description:
      'The second factors of up to 50 users. One upstream read for each; whoever cannot be shown is an error in that place. Safe to repeat.',
    args: {
      users: t.arg({ type: [UserRefInput], required: true, description: 'From 1 to 50 users.' }),
    },
    resolve: async (_root, { users }, { reads, countRefusal }): Promise<UsersMfaSuccess | MfaFailure> => {
      const fault = findUserCountFault(users.length)
      if (fault !== null) {
        countRefusal()
        return refusedInput([{ path: ['users'], message: fault }])
      }
      const results = users.map((user, index) => readUserMfa(reads, user, ['users', `${index}`]))
      return { results: await Promise.all(results) }
    },
  }),
}))

async function readUserMfa(
  reads: UserReads,
  { userId, userIdType }: UserRef,
  path: readonly string[],
): Promise<UserMfaSource | MfaFailure> {
  const user = { userId, userIdType }
  const read = await reads.mfa(user)
  return read.ok ? { user, state: read.value.state } : under(path, toReadFailure(read.failure))
}
