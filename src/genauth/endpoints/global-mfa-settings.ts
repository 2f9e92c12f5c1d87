import { z } from 'zod'
import { type MfaFactorType, toMfaFactorType } from '../../mfa/factor.ts'
import { succeed, type UpstreamResult } from '../../mfa/failure.ts'
import type { MakeCall } from '../call.ts'
import { factorCodesData } from './factor-codes.ts'

/** The reply shows the factors, too, but the caller reads them back in any case. */
const anyData = z.unknown().transform(() => {})

/** Returns the codes of all factors that are on for the whole user pool, by `GET get-global-mfa-settings`. */
export function getGlobalFactorCodes(makeCall: MakeCall): Promise<UpstreamResult<readonly string[]>> {
  return makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-global-mfa-settings',
    params: {},
    subject: '',
    data: factorCodesData,
  })
}

/** Returns the known factors that are on for the whole user pool, by `GET get-global-mfa-settings`. */
export async function getGlobalMfaSettings(
  makeCall: MakeCall,
): Promise<UpstreamResult<readonly MfaFactorType[]>> {
  const read = await getGlobalFactorCodes(makeCall)
  return read.ok ? succeed(read.value.flatMap(code => toMfaFactorType(code) ?? [])) : read
}

/** Switches factors on for the whole user pool, by `POST update-global-mfa-settings`. */
export function updateGlobalMfaSettings(
  makeCall: MakeCall,
  codes: readonly string[],
): Promise<UpstreamResult<void>> {
  return makeCall({
    kind: 'WRITE',
    method: 'POST',
    endpoint: 'update-global-mfa-settings',
    params: { enabledFactors: codes },
    subject: '',
    data: anyData,
  })
}

/**
 * Switches factors off for the whole user pool, by `POST disable-global-mfa-settings`. The name of its parameter has no
 * "d" behind "disable".
 */
export function disableGlobalMfaSettings(
  makeCall: MakeCall,
  types: readonly MfaFactorType[],
): Promise<UpstreamResult<void>> {
  return makeCall({
    kind: 'WRITE',
    method: 'POST',
    endpoint: 'disable-global-mfa-settings',
    params: { disableFactors: types },
    subject: '',
    data: anyData,
  })
}
