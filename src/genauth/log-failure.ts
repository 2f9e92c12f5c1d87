import type { Logger } from 'pino'
import { ZodError } from 'zod'
import { toLogLine, type UpstreamFailure } from '../mfa/failure.ts'

/** A reply can be faulty in thousands of places. The first few show what is wrong with it. */
const MAX_ISSUES = 10

/**
 * Logs a failed call, at the level and with the text of its kind of failure. The line holds numbers, kinds and places,
 * never a message or a value. A failure that callers cause (an unknown user, a refused change) is only in the debug
 * line of the attempt.
 */
export function logFailure(log: Logger, endpoint: string, failure: UpstreamFailure): void {
  const line = toLogLine(failure)
  if (line === null) return
  const { statusCode, apiCode } = failure.upstream ?? {}
  const facts = {
    endpoint,
    failure: failure.kind,
    statusCode,
    apiCode,
    cause: toLoggableCause(failure.cause),
    ...('reason' in failure ? { reason: failure.reason } : {}),
    ...('origin' in failure ? { origin: failure.origin } : {}),
  }
  log[line.level](facts, line.text)
}

function toLoggableCause(cause: unknown): unknown {
  if (cause instanceof ZodError)
    return cause.issues.slice(0, MAX_ISSUES).map(issue => `${issue.code} at ${issue.path.join('.')}`)
  if (!(cause instanceof Error)) return undefined
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
