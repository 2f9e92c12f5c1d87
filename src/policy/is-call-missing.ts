import type { UpstreamFailure } from '../mfa/failure.ts'

/**
 * Returns `true` if a call failed as it does where GenAuth does not have it. GenAuth says so with 404 or 501, or a
 * server before it replies with 404 and a page of its own.
 */
export function isCallMissing(failure: UpstreamFailure): boolean {
  switch (failure.kind) {
    case 'USER_NOT_FOUND':
      return true
    case 'UPSTREAM_UNAVAILABLE':
      return failure.reason === 'UNSUPPORTED' || failure.isAddressUnknown === true
    default:
      return false
  }
}
