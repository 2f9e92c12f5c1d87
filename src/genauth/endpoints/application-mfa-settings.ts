import { fail, type UpstreamResult } from '../../mfa/failure.ts'
import type { FactorSwitch } from '../../policy/policy-upstream.ts'
import type { MakeCall } from '../call.ts'
import { factorCodesData } from './factor-codes.ts'
import { withoutApplication } from './read-application.ts'

/**
 * Switches factors of an application, by `POST update-application-mfa-settings`, and returns those that are on by its
 * reply. A list without a factor is left out, because nothing says what GenAuth makes of it. A call without any factor
 * might clear all of them, so it is not made.
 *
 * @throws an error if the change names no factor
 */
export async function updateApplicationMfaSettings(
  makeCall: MakeCall,
  appId: string,
  { enable, disable }: FactorSwitch,
): Promise<UpstreamResult<readonly string[]>> {
  if (enable.length + disable.length === 0) throw new Error('A change of an application names no factor')
  const switched = await makeCall({
    kind: 'WRITE',
    method: 'POST',
    endpoint: 'update-application-mfa-settings',
    params: {
      appId,
      ...(enable.length === 0 ? {} : { enabledFactors: enable }),
      ...(disable.length === 0 ? {} : { disabledFactors: disable }),
    },
    subject: '',
    data: factorCodesData,
  })
  return switched.ok ? switched : fail(withoutApplication(switched.failure))
}
