import { toReadFailure, toWholeMessage } from '../../mfa/failure.ts'
import type { UserReads } from '../../mfa/user-reads.ts'
import { type EntityIdType, foldGenAuthId, type UserRef } from '../../mfa/user-ref.ts'
import { codedError } from '../coded-error.ts'

/**
 * Looks up the users of a subscription, a single time. It returns their ids in the supergraph by GenAuth's own ids.
 * `null` stands for a user who has no id of that kind.
 *
 * @throws an error with the code of the failure, which names the first user at fault by the place in the list
 */
export async function findWatchedUsers(
  users: readonly UserRef[],
  reads: Pick<UserReads, 'account'>,
  entityIdType: EntityIdType,
): Promise<ReadonlyMap<string, string | null>> {
  const entityIds = new Map<string, string | null>()
  const looked = await Promise.all(users.map(user => reads.account(user)))
  for (const [index, found] of looked.entries()) {
    if (!found.ok) {
      const failure = toReadFailure(found.failure)
      throw codedError(failure.kind, `users[${index}]: ${toWholeMessage(failure)}`)
    }
    const { ids } = found.value
    entityIds.set(foldGenAuthId(ids.USER_ID), ids[entityIdType])
  }
  return entityIds
}
