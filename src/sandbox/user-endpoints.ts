import type { Endpoint } from './endpoint.ts'
import { findUser, getUser as getUserOrFail } from './find-user.ts'
import { listMatchingPlaces } from './list-users.ts'
import { listUsersParameters } from './list-users-parameters.ts'
import { assertListed } from './list-window.ts'
import { getUserBatchParameters, getUserParameters, parseParameters } from './parameters.ts'
import { toUserPage } from './to-user-page.ts'
import type { SandboxUser } from './user.ts'
import { toUserDto } from './user-dto.ts'

export const getUser: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { userId, userIdType, ...details } = parseParameters(getUserParameters, params)
    return toUserDto(getUserOrFail(store.users, userIdType, userId), details)
  },
}

/**
 * Readings: an unknown ID is left out, and a user that is named twice comes once. The order differs from the given one.
 * Here it is the reverse of the seeds' order, to catch a client that matches by position.
 */
export const getUserBatch: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { userIds, userIdType, ...details } = parseParameters(getUserBatchParameters, params)
    const found = new Map<string, SandboxUser>()
    for (const userId of userIds) {
      const user = findUser(store.users, userIdType, userId, 'userIds')
      if (user !== undefined) found.set(user.userId, user)
    }
    // IDs are of equal length, so their order is that of the places.
    return [...found.values()]
      .sort((left, right) => (left.userId < right.userId ? 1 : -1))
      .map(user => toUserDto(user, details))
  },
}

/** Accepts POST alone. The GET form is deprecated and left out here. */
export const listUsers: Endpoint = {
  method: 'POST',
  handle(params, { store }) {
    const parsed = parseParameters(listUsersParameters, params)
    const { pagination, sort, fuzzySearchOn, ...details } = parsed.options
    assertListed(store.listWindow, pagination)
    const { keywords, advancedFilter } = parsed
    const places = store.listings.get({ keywords, advancedFilter, sort, fuzzySearchOn }, () =>
      listMatchingPlaces(store.users, parsed),
    )
    return toUserPage(store.users, places, { ...pagination, details })
  },
}
