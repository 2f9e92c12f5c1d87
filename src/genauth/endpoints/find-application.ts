import { z } from 'zod'
import type { Application } from '../../coverage/scan-upstream.ts'
import { fail, succeed, type UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainText } from '../lenient.ts'

const applicationData = z
  .object({ appId: plainText, appName: notNeeded(plainText) })
  .transform(({ appId, appName }): Application => ({ id: appId, name: appName || null }))

/** Returns an application, by `GET get-application-simple-info`. Another one than was asked for is none. */
export async function findApplication(makeCall: MakeCall, id: string): Promise<UpstreamResult<Application>> {
  const found = await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-application-simple-info',
    params: { appId: id },
    subject: '',
    data: applicationData,
  })
  if (!found.ok) return found
  return found.value.id === id ? succeed(found.value) : fail({ kind: 'USER_NOT_FOUND', upstream: null })
}
