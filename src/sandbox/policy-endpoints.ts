import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import type { SandboxListEntry } from './list-entries.ts'
import { pageParameters } from './page-parameters.ts'
import { parseParameters } from './parameters.ts'
import { toPipelineFunctionDto } from './pipeline-functions.ts'

/** Reading: the scene is required, as the schema says, although its description calls it optional. */
const listPipelineFunctionsParameters = z.object({ scene: z.string().min(1) })

const userListParameters = pageParameters.extend({ userListType: z.enum(['BLACK', 'WHITE']) })

/** Reading: all functions of a scene come in one reply, because the call takes no page. */
export const listPipelineFunctions: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { scene } = parseParameters(listPipelineFunctionsParameters, params)
    const list = store.pipelineFunctions
      .map((one, index) => ({ one, dto: toPipelineFunctionDto(one, index) }))
      .flatMap(({ one, dto }) => (one.scene === scene ? [dto] : []))
    return { totalCount: list.length, list }
  },
}

/** Readings: entries are in the order in which they were added, and those that have expired are gone. */
export const listUserList: Endpoint = {
  method: 'GET',
  handle(params, { store }) {
    const { userListType, page, limit } = parseParameters(userListParameters, params)
    const found = store.listEntries.filter(entry => entry.userListType === userListType)
    return {
      totalCount: found.length,
      list: found.slice((page - 1) * limit, page * limit).map(toListEntryDto),
    }
  },
}

/** Returns an entry as the API shows it. When it expires is not part of it. */
function toListEntryDto({ id, userId, userListType, limit }: SandboxListEntry): Record<string, unknown> {
  return {
    id,
    userId,
    addType: 'MANUAL',
    userListType,
    removeType: 'MANUAL',
    limitList: [limit],
    addAt: '2025-03-01T08:00:00.000Z',
  }
}
