import type { Permit } from '../../throttle/permit.ts'
import type { Throttle } from '../../throttle/throttle.ts'
import { type CallRequest, type Stage, skip } from './stage.ts'

export interface PermittedRequest extends CallRequest {
  readonly permit: Permit
}

/** Waits for a permit, and gives it back if it was not used, whatever the outcome of the attempt is. */
export function createPermitStage(
  throttle: Pick<Throttle, 'acquire' | 'slowDown'>,
): Stage<CallRequest, PermittedRequest> {
  return next => async (request, context) => {
    const acquired = await throttle.acquire(context)
    if (!acquired.ok) return skip('NO_TURN', acquired.failure)
    const permit = acquired.value
    try {
      const attempted = await next({ ...request, permit }, context)
      if (attempted.kind === 'REPLIED' && attempted.isThrottled) throttle.slowDown()
      return attempted
    } finally {
      permit.release()
    }
  }
}
