import type { Endpoint } from './endpoint.ts'
import { Failure } from './failure.ts'
import { getUser } from './find-user.ts'
import { getGroupParameters, listGroupMembersParameters, listGroupsParameters } from './group-parameters.ts'
import { GROUPS, type SandboxGroup } from './groups.ts'
import { containsText } from './list-filter.ts'
import { listPlaces } from './list-places.ts'
import { parseParameters, userParameters } from './parameters.ts'
import { toUserPage } from './to-user-page.ts'

/** Reading: keywords match a part of the code or of the name, in any case. */
export const listGroups: Endpoint = {
  method: 'GET',
  handle(params) {
    const { keywords, page, limit } = parseParameters(listGroupsParameters, params)
    const wanted = keywords.toLowerCase()
    const found = GROUPS.filter(({ code, name }) => [code, name].some(text => containsText(text, wanted)))
    return {
      totalCount: found.length,
      list: found.slice((page - 1) * limit, page * limit).map(toGroupDto),
    }
  },
}

/** Reading: all groups of a user come in one reply, because the call takes no page. */
export const getUserGroups: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { userId, userIdType } = parseParameters(userParameters, params)
    const user = getUser(store.users, userIdType, userId)
    const list = GROUPS.filter(group => group.has(user)).map(toGroupDto)
    return { totalCount: list.length, list }
  },
}

/** Reading: the members are in the order of their places. */
export const listGroupMembers: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { code, page, limit, ...details } = parseParameters(listGroupMembersParameters, params)
    const group = findGroup(code)
    const places = store.listings.get({ code }, () => listPlaces(store.users, user => group.has(user)))
    return toUserPage(store.users, places, { page, limit, details })
  },
}

export const getGroup: Endpoint = {
  method: 'GET',
  handle(params) {
    return toGroupDto(findGroup(parseParameters(getGroupParameters, params).code))
  },
}

/**
 * Returns a group as the API shows it. Reading: the members are left out. The type has them, but other calls ask for them
 * by a flag that is off.
 */
function toGroupDto({ id, code, name, description }: SandboxGroup): Record<string, unknown> {
  return { id, code, name, description, type: 'static', metadataSource: [], members: [] }
}

/** Reading: an unknown group is a 404. */
function findGroup(code: string): SandboxGroup {
  const group = GROUPS.find(one => one.code === code)
  if (group === undefined) {
    throw new Failure({ statusCode: 404, message: 'unknownGroup' })
  }
  return group
}
