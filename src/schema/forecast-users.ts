import { foldUserRef, toUserRefKey, type UserRef } from '../mfa/user-ref.ts'

/** A forecast costs four calls and makes a token at GenAuth. It is made for a person on the screen, not for a list. */
const MAX_FORECAST_USERS = 5

export const FORECAST_LIMIT_MESSAGE = `At most ${MAX_FORECAST_USERS} users of one operation can have a forecast. Ask for fewer at once.`

/** The users whose forecasts one operation has asked for so far. */
export interface ForecastUsers {
  add(user: UserRef): void
  /** Adds the representations of a gateway, before their users are known. */
  addEntities(representations: readonly unknown[]): void
  readonly isExceeded: boolean
}

/** Counts each user once, and each representation once. The two are not compared, because one may name the other. */
export function createForecastUsers(): ForecastUsers {
  const users = new Set<string>()
  const entities = new Set<string>()
  return {
    add: user => void users.add(toUserRefKey(foldUserRef(user))),
    addEntities(representations) {
      for (const representation of representations) entities.add(JSON.stringify(representation))
    },
    get isExceeded() {
      return users.size > MAX_FORECAST_USERS || entities.size > MAX_FORECAST_USERS
    },
  }
}
