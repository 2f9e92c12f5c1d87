import type { UserIdType, UserRef } from '../../mfa/user-ref.ts'

/** GenAuth's words for the id types. Its enum has `custom_field`, which no description mentions. */
const WIRE_ID_TYPES: Readonly<Record<UserIdType, string>> = {
  USER_ID: 'user_id',
  PHONE: 'phone',
  EMAIL: 'email',
  USERNAME: 'username',
  EXTERNAL_ID: 'external_id',
  IDENTITY: 'identity',
  SYNC_RELATION: 'sync_relation',
  CUSTOM_FIELD: 'custom_field',
}

export function toWireIdType(type: UserIdType): string {
  return WIRE_ID_TYPES[type]
}

/** The two parameters by which every call names one user. */
export function toUserParams({ userId, userIdType }: UserRef): { userId: string; userIdType: string } {
  return { userId, userIdType: toWireIdType(userIdType) }
}
