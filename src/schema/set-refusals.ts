import type { MfaFailure } from '../mfa/failure.ts'
import { JournalUnavailableError } from '../mfa/journal-port.ts'
import { codedError } from './coded-error.ts'
import type { GraphQLContext } from './context.ts'

const UNRECORDED =
  'Changes cannot be recorded at the moment, so none is made. Try again later; reads still work.'

/**
 * Runs a set. Where it cannot be recorded it has not been sent, and no payload is given: an error of the code
 * `AUDIT_UNAVAILABLE` under HTTP 503, which a gateway may repeat.
 */
export async function onRecord<T>(set: () => Promise<T>): Promise<T> {
  try {
    return await set()
  } catch (error) {
    if (!(error instanceof JournalUnavailableError)) throw error
    throw codedError('AUDIT_UNAVAILABLE', UNRECORDED, 503)
  }
}

/**
 * Says in the answer's headers, too, that a fresh sign-in is needed (RFC 9470). The status stays 200: gateways
 * drop the body of anything else, and with it the member that a front end acts on.
 */
export function challengeForStepUp(failure: MfaFailure, { challenge }: GraphQLContext): void {
  if (failure.kind !== 'STEP_UP_REQUIRED') return
  const { acrValues, maxAgeS } = failure
  const acr = acrValues.length === 0 ? '' : `, acr_values="${acrValues.join(' ')}"`
  challenge(`Bearer error="insufficient_user_authentication", max_age="${maxAgeS}"${acr}`)
}
