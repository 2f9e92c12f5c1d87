import type { MfaFailure } from '../mfa/failure.ts'
import { JournalUnavailableError } from '../mfa/journal-port.ts'
import { codedError } from './coded-error.ts'
import type { GraphQLContext } from './context.ts'

const UNRECORDED =
  'Changes cannot be recorded at the moment, so none is made. Try again later; reads still work.'

/**
 * Makes a change. If the change cannot be recorded, nothing is sent, and there is no payload. The error then has the
 * code `AUDIT_UNAVAILABLE` and HTTP status 503, so a gateway may repeat the request.
 */
export async function onRecord<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof JournalUnavailableError)) throw error
    throw codedError('AUDIT_UNAVAILABLE', UNRECORDED, 503)
  }
}

/**
 * Asks for a fresh sign-in in the headers of the response, too (RFC 9470). The status stays 200, because gateways
 * drop the body of any other. The front end needs the union member in that body.
 */
export function challengeForStepUp(failure: MfaFailure, { challenge }: GraphQLContext): void {
  if (failure.kind !== 'STEP_UP_REQUIRED') return
  const { acrValues, maxAgeS } = failure
  const acr = acrValues.length === 0 ? '' : `, acr_values="${acrValues.join(' ')}"`
  challenge(`Bearer error="insufficient_user_authentication", max_age="${maxAgeS}"${acr}`)
}
