import type { Authenticator } from '../access/authenticator.ts'
import type { Caller } from '../access/caller.ts'
import { within } from '../base/deadline.ts'
import type { CrossOrigin } from './cross-origin.ts'
import type { RequestContext } from './request-context.ts'
import { isSentOnce } from './request-headers.ts'
import { RequestRefused } from './request-refused.ts'

export interface IdentifyCallerOptions {
  readonly authenticator: Authenticator
  /** Identifies a caller in the log without revealing the caller's identity. */
  readonly callerHash: (caller: Caller) => string
  readonly crossOrigin: Pick<CrossOrigin, 'toHint'>
}

/**
 * Returns the caller of a request, before any of its body is read.
 *
 * @throws RequestRefused 401 for a token that is missing or not valid, 503 if tokens cannot be checked now or in time
 */
export type IdentifyCaller = (
  context: Pick<RequestContext, 'request' | 'fields' | 'deadline'>,
) => Promise<Caller>

export function createIdentifyCaller({
  authenticator,
  callerHash,
  crossOrigin,
}: IdentifyCallerOptions): IdentifyCaller {
  return async ({ request, fields, deadline }) => {
    // Node would keep the first of two headers and silently drop the other.
    const authorization = isSentOnce(request, 'authorization')
      ? request.headers.authorization
      : request.headersDistinct['authorization']?.join(', ')
    const judged = authenticator.authenticate(authorization)
    const authentication =
      judged instanceof Promise ? await within(deadline, judged, () => ({ kind: 'LATE' }) as const) : judged
    switch (authentication.kind) {
      case 'CALLER':
        fields.callerIssuer = authentication.caller.issuer
        fields.callerHash = callerHash(authentication.caller)
        return authentication.caller
      case 'MISSING':
        throw unauthenticated(`Send a bearer token.${crossOrigin.toHint(request)}`, 'Bearer')
      case 'INVALID':
        throw unauthenticated(
          `The token is not valid here.${crossOrigin.toHint(request)}`,
          'Bearer error="invalid_token"',
        )
      case 'UNAVAILABLE':
        throw new RequestRefused(
          503,
          'AUTHENTICATION_UNAVAILABLE',
          'Tokens cannot be checked at the moment. Nothing was done; try again later.',
        )
      case 'LATE':
        throw new RequestRefused(
          503,
          'DEADLINE_EXCEEDED',
          'The time for this request is over. Nothing was done; allow more in x-request-deadline-ms, or try again later.',
        )
    }
  }
}

function unauthenticated(message: string, challenge: string): RequestRefused {
  return new RequestRefused(401, 'UNAUTHENTICATED', message, { 'www-authenticate': challenge })
}
