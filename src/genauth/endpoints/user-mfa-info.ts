import { z } from 'zod'
import type { MfaBindings } from '../../mfa/bindings.ts'
import { succeed, type UpstreamResult } from '../../mfa/failure.ts'
import { toUserRefKey, type UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { notNeeded, plainFlag } from '../lenient.ts'
import { replyData } from './reply-data.ts'
import { toUserParams } from './user-id-type.ts'

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

const userMfaInfoData = replyData(Object.keys(userMfaInfoSchema.shape), userMfaInfoSchema)

/** Returns which factors the user has bound, by `GET get-user-mfa-info`. The reply holds no secret. */
export async function getUserMfaInfo(
  makeCall: MakeCall,
  user: UserRef,
): Promise<UpstreamResult<MfaBindings>> {
  const replied = await makeCall({
    kind: 'READ',
    method: 'GET',
    endpoint: 'get-user-mfa-info',
    params: toUserParams(user),
    subject: toUserRefKey(user),
    data: userMfaInfoData,
  })
  if (!replied.ok) return replied
  const { totpStatus, faceMfaStatus, smsMfaStatus, emailMfaStatus } = replied.value.data
  return succeed({
    OTP: totpStatus ?? null,
    FACE: faceMfaStatus ?? null,
    SMS: smsMfaStatus ?? null,
    EMAIL: emailMfaStatus ?? null,
  })
}
