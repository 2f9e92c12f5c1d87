import { type Result, succeed } from '../mfa/failure.ts'
import type { UserReads } from '../mfa/user-reads.ts'
import { findUserIdFault, foldUserRef, type UserRef } from '../mfa/user-ref.ts'
import type { UserMfaSource } from './user-source.ts'

/**
 * Reads the state of one user. If GenAuth's own id is needed, it is found first, and the state is read by it. Two
 * people may share an identifier, and an id or a name must not stand beside the state of the other one.
 *
 * An identifier with a fault is not looked up: the read counts it and refuses it.
 *
 * @param needsId `true` if a field is selected that needs GenAuth's own id
 */
export async function readUserMfa(
  reads: UserReads,
  given: UserRef,
  needsId: boolean,
): Promise<Result<UserMfaSource>> {
  const { userId, userIdType } = foldUserRef(given)
  const isLookedUp = needsId && findUserIdFault({ userId, userIdType }) === null
  const found = isLookedUp ? await reads.genauthId({ userId, userIdType }) : null
  if (found?.ok === false) return found
  const user: UserRef =
    found === null ? { userId, userIdType } : { userId: found.value, userIdType: 'USER_ID' }
  const read = await reads.mfa(user)
  return read.ok ? succeed({ user, state: read.value.state }) : read
}
