import { z } from 'zod'
import type { MfaBindings } from '../../mfa/bindings.ts'
import type { UpstreamResult } from '../../mfa/failure.ts'
import type { UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainFlag, replyData } from '../lenient.ts'
import { readUser } from './user-call.ts'

/**
 * A status is documented as `enabled` or `disabled`, and is a boolean in samples. Old deployments lack two of the four.
 */
const bindingStatus = notNeeded(plainFlag)

const userMfaInfoSchema = z.object({
  totpStatus: bindingStatus,
  faceMfaStatus: bindingStatus,
  smsMfaStatus: bindingStatus,
  emailMfaStatus: bindingStatus,
})

const userMfaInfoData = replyData(Object.keys(userMfaInfoSchema.shape), userMfaInfoSchema).transform(
  ({ totpStatus, faceMfaStatus, smsMfaStatus, emailMfaStatus }): MfaBindings => ({
    OTP: totpStatus ?? null,
    FACE: faceMfaStatus ?? null,
    SMS: smsMfaStatus ?? null,
    EMAIL: emailMfaStatus ?? null,
  }),
)

/** Returns which factors the user has bound, by `GET get-user-mfa-info`. The reply holds no secret. */
export function getUserMfaInfo(makeCall: MakeCall, user: UserRef): Promise<UpstreamResult<MfaBindings>> {
  return readUser(makeCall, 'get-user-mfa-info', user, userMfaInfoData)
}
