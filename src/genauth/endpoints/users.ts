import { fail, succeed, type UpstreamFailure, type UpstreamResult } from '../../mfa/failure.ts'
import type { FoundUser, UserIdType, UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { listOfReadable } from '../lenient.ts'
import { contradicts } from './contradicts.ts'
import { type GenAuthUser, genauthUserSchema } from './genauth-user.ts'
import { isElsewhere } from './is-elsewhere.ts'
import { toAccount, toUserIds } from './to-account.ts'
import { readUser, toWireUserId, WIRE_ID_TYPES } from './user-call.ts'
import { groupByName, toWantedName, type UsersByName } from './user-names.ts'

/** GenAuth's own limit for one `get-user-batch`. */
const MAX_BATCH_SIZE = 50
/** Two people may have the same identifier. */
const MAX_BATCH_USERS = 2 * MAX_BATCH_SIZE

/** Leaves out a user whose record cannot be read. That user is then requested alone. */
const userBatch = listOfReadable(MAX_BATCH_USERS, genauthUserSchema)

/** Returns one user, whatever the type of the identifier is, by `GET get-user`. */
async function getUser(makeCall: MakeCall, user: UserRef): Promise<UpstreamResult<FoundUser>> {
  const found = await readUser(makeCall, 'get-user', user, genauthUserSchema, toDetails(user.userIdType))
  if (!found.ok) return found
  if (isElsewhere(found.value, user)) return fail({ kind: 'USER_NOT_FOUND', upstream: null })
  return succeed(toFoundUser(found.value, contradicts(found.value, user)))
}

/** Requests the fields that an identifier is compared with, and that GenAuth leaves out by default. */
function toDetails(userIdType: UserIdType): Readonly<Record<string, unknown>> {
  return userIdType === 'IDENTITY' ? { withIdentities: true } : {}
}

/**
 * Returns users of one id type, by `GET get-user-batch`. GenAuth promises no order, and leaves out the users that it
 * does not know.
 */
async function getUserBatch(
  makeCall: MakeCall,
  userIds: readonly string[],
  userIdType: UserIdType,
): Promise<UpstreamResult<UsersByName>> {
  const found: GenAuthUser[] = []
  for (let start = 0; start < userIds.length; start += MAX_BATCH_SIZE) {
    const batch = userIds.slice(start, start + MAX_BATCH_SIZE)
    const replied = await makeCall({
      kind: 'READ',
      method: 'GET',
      endpoint: 'get-user-batch',
      subject: batch.join(' '),
      params: {
        userIds: batch,
        userIdType: WIRE_ID_TYPES[userIdType],
        ...toDetails(userIdType),
      },
      data: userBatch,
    })
    if (!replied.ok) return replied
    found.push(...replied.value)
  }
  return succeed(groupByName(found, userIdType))
}

/**
 * Returns who the users are, in the order of the request. Several users of one id type share a batch:
 *
 * - The users of a batch are matched by the field of the identifier, never by position.
 * - A user with no match, or with two, is requested alone. Only GenAuth knows how it compares identifiers, so only its
 *   own "not found" counts.
 * - A phone with its country code matches the users of that country alone.
 * - A user with two matches is ambiguous. So is a user whose own field contradicts the identifier.
 */
export async function findUsers(
  makeCall: MakeCall,
  users: readonly UserRef[],
): Promise<UpstreamResult<FoundUser>[]> {
  const batches = new Map<UserIdType, Promise<UpstreamResult<UsersByName>>>()
  for (const type of new Set(users.map(user => user.userIdType))) {
    const ids = new Set(users.filter(user => user.userIdType === type).map(toWireUserId))
    if (canBeMatched(type) && ids.size > 1) batches.set(type, getUserBatch(makeCall, [...ids], type))
  }
  return Promise.all(
    users.map(async user => {
      const batch = await batches.get(user.userIdType)
      if (batch === undefined) return getUser(makeCall, user)
      if (!batch.ok) return isAboutOneUser(batch.failure) ? getUser(makeCall, user) : batch
      const named = batch.value.get(toWantedName(user)) ?? []
      const matches = named.filter(match => !isElsewhere(match, user))
      const [match] = matches
      if (match === undefined) return getUser(makeCall, user)
      if (matches.every(({ userId }) => userId === match.userId)) return succeed(toFoundUser(match, false))
      const found = await getUser(makeCall, user)
      return found.ok ? succeed({ ...found.value, isAmbiguous: true }) : found
    }),
  )
}

/**
 * Returns `true` if a reply shows identifiers of this type. No documented field holds a custom field. The provider of
 * an identity is not proven to be that of a sync relation.
 */
function canBeMatched(type: UserIdType): boolean {
  return (
    type === 'USER_ID' ||
    type === 'PHONE' ||
    type === 'EMAIL' ||
    type === 'USERNAME' ||
    type === 'EXTERNAL_ID' ||
    type === 'IDENTITY'
  )
}

function toFoundUser(user: GenAuthUser, isAmbiguous: boolean): FoundUser {
  return { ids: toUserIds(user), account: toAccount(user), isAmbiguous }
}

/** A single malformed or unknown identifier may fail a whole batch, and must not affect the others. */
function isAboutOneUser({ kind }: UpstreamFailure): boolean {
  return kind === 'INVALID_INPUT' || kind === 'USER_NOT_FOUND' || kind === 'OPERATION_REFUSED'
}
