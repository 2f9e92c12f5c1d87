import type { Logger } from 'pino'
import { ZodError } from 'zod'
import type { MfaFailure } from '../mfa/failure.ts'

/** A reply can be at fault in thousands of places; the first few tell what is wrong with it. */
const MAX_ISSUES = 10

/**
 * Writes down what an operator must know of a call that failed: numbers, kinds and places, never a message or a
 * value. What callers cause (an unknown user, a refused change) is in the debug line of the attempt alone.
 */
export function logFailure(log: Logger, endpoint: string, failure: MfaFailure): void {
  const { statusCode, apiCode } = failure.upstream ?? {}
  const common = {
    endpoint,
    failure: failure.kind,
    statusCode,
    apiCode,
    cause: toLoggableCause(failure.cause),
  }
  switch (failure.kind) {
    case 'UPSTREAM_UNAVAILABLE':
      if (failure.reason === 'REFUSED_CREDENTIALS') {
        log.error(common, 'GenAuth refuses our credentials: check the GENAUTH_ settings')
      } else if (failure.reason === 'NOT_SENT' && !failure.retryable) {
        log.error(common, 'GenAuth cannot be spoken to safely: check GENAUTH_URL and its certificate')
      } else {
        log.warn({ ...common, reason: failure.reason }, 'GenAuth could not be used')
      }
      return
    case 'PLAN_REQUIRED':
    case 'UPSTREAM_FORBIDDEN':
      log.warn(common, 'GenAuth refused a call')
      return
    case 'RATE_LIMITED':
      log.warn({ ...common, origin: failure.origin }, 'too many requests')
      return
    case 'INVALID_INPUT':
    case 'USER_NOT_FOUND':
    case 'CONFLICT':
    case 'REVISION_CONFLICT':
    case 'POLICY_VIOLATION':
    case 'STEP_UP_REQUIRED':
    case 'DUPLICATE_USER':
    case 'NOT_ATTEMPTED':
    case 'OPERATION_REFUSED':
  }
}

function toLoggableCause(cause: unknown): unknown {
  if (cause instanceof ZodError)
    return cause.issues.slice(0, MAX_ISSUES).map(issue => `${issue.code} at ${issue.path.join('.')}`)
  if (!(cause instanceof Error)) return undefined
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
