import { fail, succeed, type UpstreamFailure, type UpstreamResult, under } from '../../mfa/failure.ts'
import { toUserRefKey, type UserIds, type UserIdType, type UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { listOfReadable } from '../lenient.ts'
import { contradicts } from './contradicts.ts'
import { type GenAuthUser, genauthUserSchema } from './genauth-user.ts'
import { toUserParams, toWireIdType } from './user-id-type.ts'
import { groupByName, toWantedName, type UsersByName } from './user-names.ts'

/** GenAuth's own limit for one `get-user-batch`. */
const MAX_BATCH_SIZE = 50
/** Each identifier may be two people's. */
const MAX_BATCH_USERS = 2 * MAX_BATCH_SIZE

/** Leaves out a user whose record cannot be read; that user is then asked for alone. */
const userBatch = listOfReadable(MAX_BATCH_USERS, genauthUserSchema)

/** `GET get-user`: what one user is called, whatever identifier was given. */
async function getUser(makeCall: MakeCall, user: UserRef): Promise<UpstreamResult<UserIds>> {
  const replied = await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-user',
    params: { ...toUserParams(user), ...toDetails(user.userIdType) },
    subject: toUserRefKey(user),
    data: genauthUserSchema,
  })
  if (!replied.ok) return fail(under(['userId'], replied.failure))
  const { data } = replied.value
  return succeed(toUserIds(data, contradicts(data, user)))
}

/** What GenAuth leaves out unless it is asked for, and an identifier is compared with. */
function toDetails(userIdType: UserIdType): Readonly<Record<string, unknown>> {
  return userIdType === 'IDENTITY' ? { withIdentities: true } : {}
}

/** `GET get-user-batch`: users of one id type, in no promised order; unknown ones are simply missing. */
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
        userIdType: toWireIdType(userIdType),
        ...toDetails(userIdType),
      },
      data: userBatch,
    })
    if (!replied.ok) return replied
    found.push(...replied.value.data)
  }
  return succeed(groupByName(found, userIdType))
}

/**
 * What users are called, in the order asked. Several users of one id type share a batch. Its answers are matched by
 * the field that was asked for, never by position. A user whom it leaves unmatched, or matches twice, is asked for
 * alone: only GenAuth knows how it compares identifiers, so only its own "not found" is one. A user who is matched by
 * two, or whose own field contradicts the identifier, is ambiguous.
 */
export async function findUsers(
  makeCall: MakeCall,
  users: readonly UserRef[],
): Promise<UpstreamResult<UserIds>[]> {
  const batches = new Map<UserIdType, Promise<UpstreamResult<UsersByName>>>()
  for (const type of new Set(users.map(user => user.userIdType))) {
    const ids = new Set(users.filter(user => user.userIdType === type).map(user => user.userId))
    if (canBeMatched(type) && ids.size > 1) batches.set(type, getUserBatch(makeCall, [...ids], type))
  }
  return Promise.all(
    users.map(async user => {
      const batch = await batches.get(user.userIdType)
      if (batch === undefined) return getUser(makeCall, user)
      if (!batch.ok) return isAboutOneUser(batch.failure) ? getUser(makeCall, user) : batch
      const matches = batch.value.get(toWantedName(user)) ?? []
      const [match] = matches
      if (match === undefined) return getUser(makeCall, user)
      if (matches.every(({ userId }) => userId === match.userId)) return succeed(toUserIds(match, false))
      const found = await getUser(makeCall, user)
      return found.ok ? succeed({ ...found.value, isAmbiguous: true }) : found
    }),
  )
}

/**
 * Whether the answer shows the identifier that was asked for. A custom field stands in no documented field, and
 * an identity's provider is not proven to be the one of a sync relation.
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

/** Reading: a text without a character is no id. */
function toUserIds({ userId, externalId, username }: GenAuthUser, isAmbiguous: boolean): UserIds {
  return { USER_ID: userId, EXTERNAL_ID: externalId || null, USERNAME: username || null, isAmbiguous }
}

/** One malformed or unknown identifier may fail a whole batch; the others must not suffer for it. */
function isAboutOneUser({ kind }: UpstreamFailure): boolean {
  return kind === 'INVALID_INPUT' || kind === 'USER_NOT_FOUND' || kind === 'OPERATION_REFUSED'
}
