import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { Failure } from './failure.ts'
import { GROUPS, type SandboxGroup } from './groups.ts'
import { listPlaces } from './list-places.ts'
import { pageParameters } from './page-parameters.ts'
import { parseParameters, queryFlag, userDetailParameters } from './parameters.ts'
import { toUserPage } from './to-user-page.ts'

const listGroupMembersParameters = z.object({
  code: z.string().min(1),
  ...pageParameters.shape,
  ...userDetailParameters.shape,
})

const getGroupParameters = z.object({ code: z.string().min(1), withCustomData: queryFlag.optional() })

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

/** Reading: the members are left out. The type has them, but other calls ask for them by a flag that is off. */
export const getGroup: Endpoint = {
  method: 'GET',
  handle(params) {
    const { id, code, name, description } = findGroup(parseParameters(getGroupParameters, params).code)
    return { id, code, name, description, type: 'static', metadataSource: [], members: [] }
  },
}

/** Reading: an unknown group is a 404. */
function findGroup(code: string): SandboxGroup {
  const group = GROUPS.find(one => one.code === code)
  if (group === undefined) {
    throw new Failure({ statusCode: 404, message: 'unknownGroup' })
  }
  return group
}
