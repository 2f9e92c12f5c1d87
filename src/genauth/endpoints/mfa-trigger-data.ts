import type { UpstreamResult } from '../../mfa/failure.ts'
import type { MfaState } from '../../mfa/mfa-state.ts'
import type { UserRef } from '../../mfa/user-ref.ts'
import type { MakeCall } from '../call.ts'
import { replyData } from '../lenient.ts'
import { mfaTriggerDataSchema, TRIGGER_DATA_FIELDS, toStoredMfa } from './mfa-status.ts'
import { readUser } from './user-call.ts'

/**
 * A list of factors that is missing is not an empty one, because an empty one says that nothing is asked for. The token
 * of the reply is dropped.
 */
const triggerData = replyData(
  TRIGGER_DATA_FIELDS,
  mfaTriggerDataSchema.refine(({ applicationMfa }) => applicationMfa != null, 'lists no factors'),
).transform((data): MfaState => toStoredMfa(data).state)

/** Returns what a user is asked for at the sign-in to an application, by `GET get-mfa-trigger-data`. */
export function readTriggerData(
  makeCall: MakeCall,
  applicationId: string,
  user: UserRef,
): Promise<UpstreamResult<MfaState>> {
  return readUser(makeCall, 'get-mfa-trigger-data', user, triggerData, { appId: applicationId })
}
