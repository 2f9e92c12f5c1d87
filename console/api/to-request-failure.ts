import type { CombinedError } from '@urql/core'
import { isRequestCode } from './request-codes.ts'
import type { RequestFailure } from './request-failure.ts'

/** Codes of responses that leave open whether a change was made. */
const IN_DOUBT: ReadonlySet<string> = new Set([
  'INTERNAL_SERVER_ERROR',
  'UPSTREAM_UNAVAILABLE',
  // A scan may be in the store although the store was lost before it said so.
  'STORE_UNAVAILABLE',
])

/** Returns the failures that an error of the client stands for, at least one. */
export function toRequestFailure({
  networkError,
  graphQLErrors,
  response,
}: Pick<CombinedError, 'networkError' | 'graphQLErrors' | 'response'>): readonly RequestFailure[] {
  const { headers, status = null } = readResponse(response)
  const retryAfterMs = toRetryAfterMs(headers?.get('retry-after') ?? null)
  const requestId = headers?.get('x-request-id') ?? null
  if (graphQLErrors.length > 0) {
    return graphQLErrors.map(({ extensions }) => {
      const { code, requestId: named } = extensions
      const known = isRequestCode(code) ? code : 'OTHER'
      return {
        code: known,
        isExecuted: known === 'OTHER' || IN_DOUBT.has(known) ? 'UNKNOWN' : 'NO',
        requestId: typeof named === 'string' ? named : requestId,
        retryAfterMs,
      }
    })
  }
  const isLate = networkError?.name === 'TimeoutError'
  const code = isLate ? 'TIMEOUT' : status === null ? 'NETWORK' : 'NO_JSON'
  return [{ code, isExecuted: 'UNKNOWN', requestId, retryAfterMs }]
}

function readResponse(response: unknown): { headers?: Headers; status?: number } {
  return response instanceof Response ? response : {}
}

function toRetryAfterMs(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null
}
