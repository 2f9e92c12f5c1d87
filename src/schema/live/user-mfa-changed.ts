import { refusedInput } from '../../mfa/failure.ts'
import { findUserCountFault, foldGenAuthId } from '../../mfa/user-ref.ts'
import { builder } from '../builder.ts'
import { toFailureError } from '../coded-error.ts'
import { UserRefInput } from '../inputs.ts'
import { type ChangeSource, MfaChangeType } from './change.ts'
import { findWatchedUsers } from './find-watched-users.ts'

builder.subscriptionField('userMfaChanged', t =>
  t.field({
    type: MfaChangeType,
    extensions: { needs: 'READ', needsWithoutUsers: 'REPORT' },
    directives: { tag: { name: 'admin' }, cost: { weight: 10 } },
    description:
      'Tells of each change that this service makes, a moment after it is on record. It begins with nothing: read once when the stream is open. Changes of policies reach every subscription. A user that GenAuth does not know ends it with one error, whose code is `USER_NOT_FOUND`. Each user costs one read, at the beginning. A hint may be lost: it comes at most once.',
    args: {
      users: t.arg({
        type: [UserRefInput],
        description:
          'The users whose changes are wanted, from 1 to 50. If left out, the changes of all users, for which you need the scope for reports.',
      }),
    },
    subscribe: async (
      _root,
      { users },
      { live, mfa, countRefusal },
    ): Promise<AsyncIterable<ChangeSource>> => {
      if (users == null) return live.changes(change => ({ change, entityId: undefined }))
      const fault = findUserCountFault(users.length)
      if (fault !== null) {
        countRefusal()
        throw toFailureError(refusedInput([{ path: ['users'], message: fault }]))
      }
      const entityIds = await findWatchedUsers(users, mfa.reads, mfa.entityIdType)
      return live.changes(change => {
        if (change.genauthId === null) return { change, entityId: undefined }
        const entityId = entityIds.get(foldGenAuthId(change.genauthId))
        return entityId === undefined ? null : { change, entityId }
      })
    },
    resolve: source => source,
  }),
)
