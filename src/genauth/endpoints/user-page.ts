import { z } from 'zod'
import { type ListedUser, MAX_PAGE_USERS, type UserPage } from '../../coverage/scan-upstream.ts'
import { listUpTo, notNeeded, plainNumber, plainText } from '../lenient.ts'
import { genauthUserSchema, time } from './genauth-user.ts'
import { toAccount, toUserIds } from './to-account.ts'

/** Nobody is in more departments. */
const MAX_DEPARTMENTS = 500

const listedUserSchema = genauthUserSchema.extend({
  createdAt: notNeeded(time),
  departmentIds: notNeeded(listUpTo(MAX_DEPARTMENTS, plainText)),
})

/** One page of a list of users. A longer one was not asked for. */
export const userPageData = z
  .object({
    totalCount: plainNumber.pipe(z.int32().min(0)),
    list: z.array(z.unknown()).max(MAX_PAGE_USERS),
  })
  .transform(({ totalCount, list }): UserPage => {
    const users = list.flatMap(record => {
      const parsed = listedUserSchema.safeParse(record)
      return parsed.success ? [toListedUser(parsed.data)] : []
    })
    return { users, unreadable: list.length - users.length, totalCount }
  })

function toListedUser(user: z.infer<typeof listedUserSchema>): ListedUser {
  return {
    ids: toUserIds(user),
    account: toAccount(user),
    departmentIds: user.departmentIds ?? null,
    createdAtMs: user.createdAt?.getTime() ?? null,
  }
}
