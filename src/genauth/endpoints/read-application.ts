import { z } from 'zod'
import { fail, succeed, type UpstreamFailure, type UpstreamResult } from '../../mfa/failure.ts'
import type { UpstreamAnswer } from '../../mfa/failure-details.ts'
import type { PolicyApplication } from '../../policy/application.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainFlag, plainText } from '../lenient.ts'

/** An application without an id cannot be used. Everything else is for display. Settings hold secrets, and are dropped. */
export const applicationData = z
  .object({
    appId: plainText.pipe(z.string().min(1)),
    appIdentifier: notNeeded(plainText),
    appName: notNeeded(plainText),
    appType: notNeeded(plainText),
    customSecurityEnabled: notNeeded(plainFlag),
  })
  .transform(
    ({ appId, appIdentifier, appName, appType, customSecurityEnabled }): PolicyApplication => ({
      id: appId,
      name: appName || null,
      identifier: appIdentifier || null,
      type: appType || null,
      hasOwnRules: customSecurityEnabled ?? null,
    }),
  )

/** GenAuth's finer code for it. The status beside it is not documented. */
const NO_APPLICATION = 2011

/** Returns an application, by `GET get-application`. Another one than was asked for is none. */
export async function readApplication(
  makeCall: MakeCall,
  id: string,
): Promise<UpstreamResult<PolicyApplication>> {
  const found = await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-application',
    params: { appId: id },
    subject: '',
    data: applicationData,
  })
  if (found.ok) return found.value.id === id ? succeed(found.value) : fail(notFound(null))
  return saysNoApplication(found.failure) ? fail(notFound(found.failure.upstream)) : found
}

/** Returns a refusal as "not found" if its finer code says that GenAuth does not know the application. */
export function withoutApplication(failure: UpstreamFailure): UpstreamFailure {
  // A write in doubt stays in doubt.
  const isRefusal = failure.kind !== 'UPSTREAM_UNAVAILABLE'
  return isRefusal && saysNoApplication(failure) ? notFound(failure.upstream) : failure
}

function saysNoApplication({ upstream }: UpstreamFailure): boolean {
  return upstream?.apiCode === NO_APPLICATION
}

function notFound(upstream: UpstreamAnswer | null): UpstreamFailure {
  return { kind: 'USER_NOT_FOUND', upstream }
}
