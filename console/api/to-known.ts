import type { Result } from './client.ts'
import { isKnownResult } from './is-known-result.ts'

/**
 * Takes a payload of a later version for a request without a result, because it says nothing of what came of it.
 *
 * @param isChange `true` if the request was to change something, not to read it or to show what it would do
 */
export function toKnown<Data>(result: Result<Data>, isChange: boolean): Result<Data> {
  if (result.kind === 'FAILED') return result
  const payloads: readonly unknown[] = Object.values(result.data ?? {})
  if (payloads.length > 0 && payloads.every(payload => isKnown(payload, isChange))) return result
  const failure = {
    code: 'LATER_RESULT',
    isExecuted: 'UNKNOWN',
    requestId: null,
    retryAfterMs: null,
  } as const
  return { kind: 'FAILED', failure }
}

/** A field that can have but one type has no name of it. */
function isKnown(payload: unknown, isChange: boolean): boolean {
  if (typeof payload !== 'object' || payload === null) return false
  return !hasTypename(payload) || isKnownResult(payload, isChange)
}

function hasTypename(payload: object): payload is { readonly __typename: string } {
  return '__typename' in payload
}
