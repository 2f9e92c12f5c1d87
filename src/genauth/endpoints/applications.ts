import { z } from 'zod'
import type { UpstreamResult } from '../../mfa/failure.ts'
import { type ApplicationPage, type ApplicationQuery, MAX_PAGE_ROWS } from '../../policy/forecast-upstream.ts'
import type { MakeCall } from '../call.ts'
import { plainNumber } from '../lenient.ts'
import { applicationData } from './read-application.ts'

/** An unreadable record makes the page unreadable, because a list must not lack an application without a word. */
const applicationPageData = z
  .object({
    totalCount: plainNumber.pipe(z.int32().min(0)),
    list: z.array(z.unknown()).max(MAX_PAGE_ROWS).pipe(z.array(applicationData)),
  })
  .transform(({ totalCount, list }): ApplicationPage => ({ applications: list, totalCount }))

/**
 * Returns one page of applications: by `GET list-application-simple-info`, or, if their rules are asked for, by `GET
 * list-applications`.
 */
export function listApplications(
  makeCall: MakeCall,
  { search, withRules, page, limit }: ApplicationQuery,
): Promise<UpstreamResult<ApplicationPage>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: withRules ? 'list-applications' : 'list-application-simple-info',
    params: { page, limit, ...(search === null ? {} : { keywords: search }) },
    subject: '',
    data: applicationPageData,
  })
}
