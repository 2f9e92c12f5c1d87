import { foldUserRef, toUserRefKey, type UserRef } from '../mfa/user-ref.ts'

/** Some fields cost several calls for each user. They are for a person on the screen, not for a list. */
const MAX_USERS = 5

export const FORECAST_LIMIT_MESSAGE = `At most ${MAX_USERS} users of one operation can have a forecast. Ask for fewer at once.`
export const HISTORY_LIMIT_MESSAGE = `At most ${MAX_USERS} users of one operation can have a history. Ask for fewer at once.`

/** The users of one operation that such a field was asked of so far. */
export interface FewUsers {
  add(user: UserRef): void
  /** Adds the representations of a gateway, before their users are known. */
  addEntities(representations: readonly unknown[]): void
  readonly isExceeded: boolean
}

/** Counts each user once, and each representation once. The two are not compared, because one may name the other. */
export function createFewUsers(): FewUsers {
  const users = new Set<string>()
  const entities = new Set<string>()
  return {
    add: user => void users.add(toUserRefKey(foldUserRef(user))),
    addEntities(representations) {
      for (const representation of representations) entities.add(JSON.stringify(representation))
    },
    get isExceeded() {
      return users.size > MAX_USERS || entities.size > MAX_USERS
    },
  }
}
