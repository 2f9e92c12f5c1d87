import type { MfaFailureOf } from '../mfa/failure.ts'

/** Creates the failure of a limit of this service. */
export function toRefusal(retryAfterMs: number): MfaFailureOf<'RATE_LIMITED'> {
  return {
    kind: 'RATE_LIMITED',
    upstream: null,
    retryAfterMs: Math.max(0, Math.ceil(retryAfterMs)),
    origin: 'LAYER',
  }
}
