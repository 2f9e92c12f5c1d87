import { MAX_PAGE_USERS, type UserPage } from '../../coverage/scan-upstream.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { userPageData } from './user-page.ts'

/** Returns one page of the members of a group, by `GET list-group-members`. */
export function listGroupMembers(
  makeCall: MakeCall,
  code: string,
  page: number,
): Promise<UpstreamResult<UserPage>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'list-group-members',
    params: { code, page, limit: MAX_PAGE_USERS, withDepartmentIds: true },
    subject: '',
    data: userPageData,
  })
}
