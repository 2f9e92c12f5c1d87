import type { Result } from './client.ts'
import { isKnownResult } from './is-known-result.ts'

/** Takes a payload of a later version for a request without a result, because it says nothing of what came of it. */
export function toKnown<Data>(result: Result<Data>): Result<Data> {
  if (result.kind === 'FAILED') return result
  const payloads: readonly unknown[] = Object.values(result.data ?? {})
  if (payloads.length > 0 && payloads.every(isKnown)) return result
  const failure = {
    code: 'LATER_RESULT',
    isExecuted: 'UNKNOWN',
    requestId: null,
    retryAfterMs: null,
  } as const
  return { kind: 'FAILED', failure }
}

/** A field that can have but one type has no name of it. */
function isKnown(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false
  return !hasTypename(payload) || isKnownResult(payload)
}

function hasTypename(payload: object): payload is { readonly __typename: string } {
  return '__typename' in payload
}
