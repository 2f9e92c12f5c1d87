import { z } from 'zod'
import { toActionLogDto } from './action-log-dto.ts'
import { ACTION_EVENT_TYPES } from './action-logs.ts'
import type { Endpoint } from './endpoint.ts'
import { MAX_PAGE_ROWS } from './page-parameters.ts'
import { parseParameters } from './parameters.ts'

const timeMs = z.int().min(0)

/**
 * Readings:
 *
 * - The times are milliseconds, as those of the history of sign-ins. Both ends are included.
 * - An event type that the API does not name is a fault, so that no client believes that it filtered.
 * - `userId` is always GenAuth's own ID. A user who does not exist has no logs, and is no fault.
 */
const actionLogsParameters = z.object({
  requestId: z.string().optional(),
  clientIp: z.string().optional(),
  eventType: z.enum(ACTION_EVENT_TYPES).optional(),
  userId: z.string().optional(),
  appId: z.string().optional(),
  start: timeMs.optional(),
  end: timeMs.optional(),
  success: z.boolean().optional(),
  pagination: z
    .object({
      page: z.int().min(1).default(1),
      limit: z.int().min(1).max(MAX_PAGE_ROWS).default(10),
    })
    .prefault({}),
})

export const getUserActionLogs: Endpoint = {
  method: 'POST',
  handle(params, { store }) {
    const wanted = parseParameters(actionLogsParameters, params)
    const { page, limit } = wanted.pagination
    const found = store.actionLogs.list(
      log =>
        isWanted(log.requestId, wanted.requestId) &&
        isWanted(CLIENT_IP, wanted.clientIp) &&
        isWanted(log.eventType, wanted.eventType) &&
        isWanted(log.userId, wanted.userId) &&
        isWanted(log.appId, wanted.appId) &&
        isWanted(log.isSuccess, wanted.success) &&
        log.atMs >= (wanted.start ?? Number.NEGATIVE_INFINITY) &&
        log.atMs <= (wanted.end ?? Number.POSITIVE_INFINITY),
    )
    const rows = found.slice((page - 1) * limit, page * limit)
    return {
      totalCount: found.length,
      list: rows.map(log => toActionLogDto(log, CLIENT_IP, store.users, store.applications)),
    }
  },
}

/** An address that is kept free for documents. Everybody has it here. */
const CLIENT_IP = '192.0.2.17'

function isWanted<T>(value: T, wanted: T | undefined): boolean {
  return wanted === undefined || value === wanted
}
