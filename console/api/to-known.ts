import type { Result } from './client.ts'
import { isMfaFailure } from './tell-failure.ts'
import type { WriteData } from './to-write-ends.ts'

/** Takes a payload of a later version for a request without a result, because it says nothing of what came of it. */
export function toKnown<Data extends WriteData>(result: Result<Data>): Result<Data> {
  if (result.kind === 'FAILED') return result
  const [payload] = Object.values(result.data)
  if (payload != null && (isMfaFailure(payload) || /(?:Success|Preview)$/.test(payload.__typename)))
    return result
  const failure = { code: 'OTHER', isExecuted: 'UNKNOWN', requestId: null, retryAfterMs: null } as const
  return { kind: 'FAILED', failure }
}
