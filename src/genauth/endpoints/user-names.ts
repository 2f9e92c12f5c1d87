import { splitAtFirstColon, type UserIdType, type UserRef } from '../../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'
import { toWireUserId } from './user-call.ts'

/** The users of a reply by name, for identifiers of one type. */
export type UsersByName = ReadonlyMap<string, readonly GenAuthUser[]>

/** Groups users by their names once, so that an identifier need not be compared with each user. */
export function groupByName(users: readonly GenAuthUser[], type: UserIdType): UsersByName {
  const groups = new Map<string, GenAuthUser[]>()
  for (const user of users) {
    for (const name of new Set(toNames(user, type))) {
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [user])
      else group.push(user)
    }
  }
  return groups
}

/** Returns the name by which an identifier is looked up among the users of a reply. */
export function toWantedName(user: UserRef): string {
  const { userId, userIdType } = user
  if (userIdType === 'EMAIL') return userId.toLowerCase()
  if (userIdType === 'PHONE') return toWireUserId(user)
  if (userIdType !== 'IDENTITY') return userId
  const parts = splitAtFirstColon(userId)
  return toIdentityName(parts?.source ?? '', parts?.id ?? '')
}

/**
 * Returns the names of a user that the fields of a reply show. No documented field holds a custom field. The provider
 * of an identity is not proven to be that of a sync relation.
 */
function toNames(user: GenAuthUser, type: UserIdType): readonly string[] {
  switch (type) {
    case 'USER_ID':
      return [user.userId]
    case 'PHONE':
      return shown(user.phone)
    case 'EMAIL':
      return shown(user.email?.toLowerCase())
    case 'USERNAME':
      return shown(user.username)
    case 'EXTERNAL_ID':
      return shown(user.externalId)
    case 'IDENTITY':
      return (user.identities ?? []).map(({ extIdpId, userIdInIdp }) => toIdentityName(extIdpId, userIdInIdp))
    case 'SYNC_RELATION':
    case 'CUSTOM_FIELD':
      return []
  }
}

function shown(text: string | null | undefined): readonly string[] {
  return text == null ? [] : [text]
}

/** JSON separates the parts, because either part may hold any separator. */
function toIdentityName(source: string, id: string): string {
  return JSON.stringify([source, id])
}
