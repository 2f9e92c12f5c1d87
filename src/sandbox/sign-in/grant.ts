import type { Acr, Authentication } from './authentication.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { createExpiringValues, type ExpiringValues } from './expiring-values.ts'

/** All that a code stands for. */
export interface Grant {
  readonly request: AuthorizationRequest
  readonly authentication: Authentication
  /** The context that the tokens name. */
  readonly acr: Acr
}

const CODE_LIFETIME_MS = 60_000
const MAX_CODES = 1_000

/** Creates the codes of the issuer. Each lives for a minute, and is used once. */
export function createCodes(now: () => number): ExpiringValues<Grant> {
  return createExpiringValues<Grant>({ lifetimeMs: CODE_LIFETIME_MS, maxCount: MAX_CODES, now })
}
