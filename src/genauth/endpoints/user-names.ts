import { splitAtFirstColon, type UserIdType, type UserRef } from '../../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'

/** The users of a reply, by each name that an identifier of one type can have. */
export type UsersByName = ReadonlyMap<string, readonly GenAuthUser[]>

/** Puts users in order by their names, once, so that no identifier is held against each of them. */
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

/** The name by which the users of a reply are looked up for an identifier. */
export function toWantedName({ userId, userIdType }: UserRef): string {
  if (userIdType === 'EMAIL') return userId.toLowerCase()
  if (userIdType !== 'IDENTITY') return userId
  const parts = splitAtFirstColon(userId)
  return toIdentityName(parts?.source ?? '', parts?.id ?? '')
}

/**
 * What the fields of a reply show of an identifier. A custom field stands in no documented field, and an identity's
 * provider is not proven to be the one of a sync relation.
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

/** Either part may hold whatever stands between them. */
function toIdentityName(source: string, id: string): string {
  return JSON.stringify([source, id])
}
