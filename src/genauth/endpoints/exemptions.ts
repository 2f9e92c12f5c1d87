import { z } from 'zod'
import type { UpstreamResult } from '../../mfa/failure.ts'
import { foldGenAuthId } from '../../mfa/user-ref.ts'
import { type ExemptionPage, MAX_PAGE_ROWS } from '../../policy/forecast-upstream.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainNumber, plainText } from '../lenient.ts'

/** GenAuth's words for the list of users who are treated better, and for the treatment that concerns a second factor. */
const LIST = 'WHITE'
const SKIP = 'SKIP_MFA'

/** The samples show a list as one text: `[SKIP_MFA]`. */
const limits = z.union([
  z.array(z.string()).max(100),
  z.string().transform(text => text.split(/[^A-Z_]+/).filter(word => word !== '')),
])

const entrySchema = z.object({
  id: notNeeded(plainText),
  userId: plainText.pipe(z.string().min(1)),
  userListType: z.string(),
  limitList: limits,
})

const exemptionPageData = z
  .object({
    totalCount: plainNumber.pipe(z.int32().min(0)),
    list: z.array(z.unknown()).max(MAX_PAGE_ROWS),
  })
  .transform(({ totalCount, list }): ExemptionPage => {
    const readable = list.flatMap(record => {
      const parsed = entrySchema.safeParse(record)
      return parsed.success ? [parsed.data] : []
    })
    const exempt = readable.filter(
      ({ userListType, limitList }) => userListType === LIST && limitList.includes(SKIP),
    )
    return {
      exemptUserIds: exempt.map(({ userId }) => foldGenAuthId(userId)),
      entries: list.length,
      entryIds: readable.map(({ id, userId }) => id ?? userId),
      totalCount,
    }
  })

/** Returns one page of the users who are treated better than others, by `GET user-list`. */
export function listExemptions(makeCall: MakeCall, page: number): Promise<UpstreamResult<ExemptionPage>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'user-list',
    params: { userListType: LIST, page, limit: MAX_PAGE_ROWS },
    subject: '',
    data: exemptionPageData,
  })
}
