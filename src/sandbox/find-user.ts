import { Failure } from './failure.ts'
import { toParameterFailure, type UserIdType } from './parameters.ts'
import type { SandboxIdentity, SandboxUser } from './user.ts'
import { SEEDED_USER_COUNT } from './user-count.ts'
import { toPlace } from './user-id.ts'
import type { Users } from './users.ts'

const PHONE = /^[\d-]+$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Phones have eight digits of the place, and other identifiers as many as it needs. */
const LAST_DIGITS = /(\d{1,8})\D*$/

/** The formats that are checked. A malformed ID of another type simply belongs to no user. */
const FORMATS: Partial<Record<UserIdType, RegExp>> = { phone: PHONE, email: EMAIL }

type Matcher = (user: SandboxUser, userId: string) => boolean

const MATCHERS: Record<UserIdType, Matcher> = {
  user_id: (user, userId) => user.userId === userId,
  // No parameter carries the country code, so numbers of two countries can collide.
  phone: (user, userId) => user.phone === userId,
  email: (user, userId) => user.email?.toLowerCase() === userId.toLowerCase(),
  username: (user, userId) => user.username === userId,
  external_id: (user, userId) => user.externalId === userId,
  identity: (user, userId) => hasAccount(user.identities, 'extIdpId', userId),
  sync_relation: (user, userId) => hasAccount(user.syncRelations, 'provider', userId),
  // Reading, and a guess: the type is in every list of types and described nowhere.
  custom_field: (user, userId) => {
    const [key, value] = splitAtFirstColon(userId)
    return Object.hasOwn(user.customData, key) && user.customData[key] === value
  },
}

/**
 * Returns the user with an identifier, or `undefined`. Throws a 400 for a malformed phone number or e-mail address.
 *
 * Reading: if several users match, the first in seed order wins. The documents do not say.
 */
export function findUser(
  users: Users,
  userIdType: UserIdType,
  userId: string,
  parameterName = 'userId',
): SandboxUser | undefined {
  if (FORMATS[userIdType]?.test(userId) === false) {
    throw toParameterFailure(parameterName)
  }
  for (const place of listCandidates(userIdType, userId)) {
    const user = users.at(place)
    if (user !== undefined && MATCHERS[userIdType](user, userId)) return user
  }
  return undefined
}

/** Every seed may have the identifier. Of the further users only one can, whose place stands at its end. */
function listCandidates(userIdType: UserIdType, userId: string): number[] {
  const seeds = Array.from({ length: SEEDED_USER_COUNT }, (_, index) => index + 1)
  const place = userIdType === 'user_id' ? toPlace(userId) : toLastNumber(userId)
  return place !== undefined && place > SEEDED_USER_COUNT ? [...seeds, place] : seeds
}

/** Returns the number that the last digits are, eight at most, or `undefined` if there are none. */
function toLastNumber(text: string): number | undefined {
  const [, digits] = LAST_DIGITS.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/**
 * Returns the user as findUser does, but fails if there is none. Reading: statusCode 404 with apiCode 2004. Vendors'
 * own tests only show that it is not 200.
 */
export function getUser(users: Users, userIdType: UserIdType, userId: string): SandboxUser {
  const user = findUser(users, userIdType, userId)
  if (user === undefined) {
    throw new Failure({ statusCode: 404, apiCode: 2004, message: 'unknownUser' })
  }
  return user
}

function hasAccount(
  accounts: readonly SandboxIdentity[],
  source: 'extIdpId' | 'provider',
  userId: string,
): boolean {
  const [sourceWord, userIdInIdp] = splitAtFirstColon(userId)
  return accounts.some(account => account[source] === sourceWord && account.userIdInIdp === userIdInIdp)
}

/** Splits at the first colon only, because the second part may hold anything. */
function splitAtFirstColon(text: string): [string, string | undefined] {
  const at = text.indexOf(':')
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
