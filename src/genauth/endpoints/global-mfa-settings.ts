import { z } from 'zod'
import { type MfaFactorType, toMfaFactorType } from '../../mfa/factor.ts'
import { succeed, type UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { listUpTo } from '../lenient.ts'

/** As many as one user may have. */
const MAX_FACTORS = 64

/**
 * An entry that cannot be read makes the list unreadable: it may be any factor, and one that is missing here is said to be
 * off for everybody.
 */
const globalMfaSettingsData = z.object({ enabledFactors: listUpTo(MAX_FACTORS, z.string().nullable()) })

/** `GET get-global-mfa-settings`: the factors that are on for the whole user pool. */
export async function getGlobalMfaSettings(
  makeCall: MakeCall,
): Promise<UpstreamResult<readonly MfaFactorType[]>> {
  const replied = await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-global-mfa-settings',
    params: {},
    subject: '',
    data: globalMfaSettingsData,
  })
  if (!replied.ok) return replied
  return succeed(
    replied.value.data.enabledFactors.flatMap(code => (code === null ? [] : (toMfaFactorType(code) ?? []))),
  )
}
