import { z } from 'zod'
import { type MfaFactorType, toMfaFactorType } from '../../mfa/factor.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { listUpTo } from '../lenient.ts'

/** The same limit as for the factors of one user. */
const MAX_FACTORS = 64

/**
 * An unreadable entry makes the whole list unreadable. It may be any factor. Without it, the server would report a
 * factor that is on as off for the whole user pool.
 */
const globalMfaSettingsData = z
  .object({ enabledFactors: listUpTo(MAX_FACTORS, z.string().nullable()) })
  .transform(({ enabledFactors }): readonly MfaFactorType[] =>
    enabledFactors.flatMap(code => (code === null ? [] : (toMfaFactorType(code) ?? []))),
  )

/** Returns the factors that are on for the whole user pool, by `GET get-global-mfa-settings`. */
export function getGlobalMfaSettings(makeCall: MakeCall): Promise<UpstreamResult<readonly MfaFactorType[]>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-global-mfa-settings',
    params: {},
    subject: '',
    data: globalMfaSettingsData,
  })
}
