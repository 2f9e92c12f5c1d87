import type { ServerResponse } from 'node:http'
import type { LimitsOf } from '../access/rate-limits.ts'
import type { LimitKind, LimitReading } from '../mfa/caller-limits.ts'

/** The names of the headers, for pages of other origins. */
export const RATE_LIMIT_HEADERS = ['ratelimit', 'ratelimit-policy'] as const

/**
 * Tells a caller, in the headers of the response, the limits and what is left of them
 * (draft-ietf-httpapi-ratelimit-headers-10). Nobody is asked for it, so it may lack counts of other replicas. It sets
 * nothing if there are no limits.
 */
export type ReportLimits = (response: ServerResponse, callerKey: string) => void

export function createReportLimits(limitsOf: LimitsOf): ReportLimits {
  let policy: string | null = null

  return (response, callerKey) => {
    const readings = limitsOf(callerKey).lastKnown()
    if (readings.length === 0) return
    policy ??= readings.map(toPolicy).join(', ')
    response.setHeader('ratelimit-policy', policy)
    response.setHeader('ratelimit', toServiceLimits(readings))
  }
}

/** The policies by their names in `RATE_LIMITS`, as structured fields write them (RFC 9651). */
const POLICY_NAMES: Readonly<Record<LimitKind, string>> = {
  READS: '"reads"',
  WRITES: '"writes"',
  WEAKENINGS: '"weakenings"',
  MISSES: '"misses"',
  POLICY: '"policy"',
}

function toPolicy({ kind, limit, windowS }: LimitReading): string {
  return `${POLICY_NAMES[kind]};q=${limit};w=${windowS}`
}

/** Appends to one text and makes no list first, because every response needs it. */
function toServiceLimits(readings: readonly LimitReading[]): string {
  let text = ''
  for (const { kind, remaining, resetsInMs } of readings) {
    if (text !== '') text += ', '
    text += `${POLICY_NAMES[kind]};r=${remaining};t=${Math.ceil(resetsInMs / 1_000)}`
  }
  return text
}
