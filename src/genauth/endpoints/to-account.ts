import { ACCOUNT_STATUSES, type Account } from '../../mfa/account.ts'
import type { UserIds } from '../../mfa/user-ref.ts'
import type { GenAuthUser } from './genauth-user.ts'

/** Returns the ids of a user. An empty text is no id. */
export function toUserIds({ userId, externalId, username }: GenAuthUser): UserIds {
  return { USER_ID: userId, EXTERNAL_ID: externalId || null, USERNAME: username || null }
}

/** Returns the facts by which a person recognises a user. An empty text is no name or contact. */
export function toAccount(user: GenAuthUser): Account {
  const { status, lastLogin, lastMfaTime } = user
  return {
    name: user.name || null,
    nickname: user.nickname || null,
    username: user.username || null,
    status: ACCOUNT_STATUSES.find(known => known.toLowerCase() === status?.toLowerCase()) ?? null,
    phone: user.phone || null,
    phoneCountryCode: user.phoneCountryCode || null,
    email: user.email || null,
    lastSignInAt: lastLogin ?? null,
    lastMfaAt: lastMfaTime ?? null,
  }
}
