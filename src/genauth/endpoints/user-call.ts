import type { z } from 'zod'
import { fail, type UpstreamResult, under } from '../../mfa/failure.ts'
import { toPhoneNumber, type UserIdType, type UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'

/** GenAuth's words for the id types. Its enum has `custom_field`, which no description mentions. */
export const WIRE_ID_TYPES: Readonly<Record<UserIdType, string>> = {
  USER_ID: 'user_id',
  PHONE: 'phone',
  EMAIL: 'email',
  USERNAME: 'username',
  EXTERNAL_ID: 'external_id',
  IDENTITY: 'identity',
  SYNC_RELATION: 'sync_relation',
  CUSTOM_FIELD: 'custom_field',
}

/** Returns the identifier as GenAuth takes it. A phone has no country code there. */
export function toWireUserId(user: UserRef): string {
  return toPhoneNumber(user)?.national ?? user.userId
}

/** Names one user in a call: by the two parameters of every such call, and by its subject. */
export function nameUser(user: UserRef) {
  const params = { userId: toWireUserId(user), userIdType: WIRE_ID_TYPES[user.userIdType] }
  return { params, subject: `${params.userIdType} ${user.userId}` }
}

/**
 * Reads something about one user. If GenAuth refuses the call as malformed, the identifier is the cause, because the
 * call sends nothing else of the caller's.
 *
 * @param details more parameters, which this server chooses
 */
export async function readUser<T>(
  makeCall: MakeCall,
  endpoint: string,
  user: UserRef,
  data: z.ZodType<T>,
  details: Readonly<Record<string, unknown>> = {},
): Promise<UpstreamResult<T>> {
  const { params, subject } = nameUser(user)
  const replied = await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint,
    params: { ...params, ...details },
    subject,
    data,
  })
  return replied.ok ? replied : fail(under(['userId'], replied.failure))
}
