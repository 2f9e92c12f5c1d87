import { toPath } from '../call.ts'
import type { Credentials, Headers } from '../credentials/credentials.ts'
import type { PermittedRequest } from './permit.ts'
import { type Stage, skip } from './stage.ts'

export interface SignedRequest extends PermittedRequest {
  readonly headers: Headers
}

/** Adds the headers that authorise an attempt, as late as possible, because signatures are dated and tokens end. */
export function createSignStage(
  credentials: Pick<Credentials, 'prepare' | 'authorize' | 'reject'>,
): Stage<PermittedRequest, SignedRequest> {
  return next => async (request, context) => {
    const { method, params } = request.call
    const unsigned = { method, path: toPath(request.call), params }
    let headers = credentials.authorize(unsigned)
    if (headers === null) {
      // GenAuth refused the current token while this call waited for its permit.
      const renewed = await credentials.prepare(context.deadline)
      if (!renewed.ok) return skip('NO_TOKEN', renewed.failure)
      headers = credentials.authorize(unsigned)
      if (headers === null) return skip('NO_TOKEN')
    }
    const attempted = await next({ ...request, headers }, context)
    if (attempted.kind === 'REPLIED' && attempted.isUnauthorized) credentials.reject(headers)
    return attempted
  }
}
