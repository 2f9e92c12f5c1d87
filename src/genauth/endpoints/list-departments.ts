import { z } from 'zod'
import type { Department } from '../../coverage/scan-upstream.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainText } from '../lenient.ts'

/**
 * An unreadable department makes the whole list unreadable. Without it, its members would seem to be elsewhere. The
 * count is not read, because GenAuth documents it as a boolean.
 */
const departmentsData = z
  .object({
    list: z.array(z.object({ departmentId: plainText, parentDepartmentId: notNeeded(plainText) })),
  })
  .transform(({ list }): readonly Department[] =>
    list.map(({ departmentId, parentDepartmentId }) => ({
      departmentId,
      parentDepartmentId: parentDepartmentId || null,
    })),
  )

/** Returns the departments below one, at any depth, by `GET get-all-departments`. It is not paged. */
export function listDepartments(
  makeCall: MakeCall,
  organizationCode: string,
  departmentId: string,
): Promise<UpstreamResult<readonly Department[]>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-all-departments',
    params: { organizationCode, departmentId, departmentIdType: 'department_id' },
    subject: '',
    data: departmentsData,
  })
}
