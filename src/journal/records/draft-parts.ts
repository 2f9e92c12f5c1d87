import type { ChangeRequest, WriteConclusion } from '../../mfa/journal-port.ts'

/** Returns the caller and the request. */
export function toRequestOnRecord({ requestId, trace, caller: { client, issuer, subject } }: ChangeRequest) {
  return { requestId, traceId: trace?.traceId ?? null, caller: { client, issuer, subject } }
}

/**
 * Creates the record of the outcome of an intent. Both kinds have the same members.
 *
 * @param durationMs `null` if a later process found the outcome
 */
export function toEnding<K extends 'outcome' | 'policyOutcome'>(
  kind: K,
  intentId: string,
  { outcome, failure, upstreamRequestId }: WriteConclusion,
  nowMs: number,
  durationMs: number | null,
) {
  return {
    kind,
    intent: intentId,
    time: toTime(nowMs),
    outcome,
    failure,
    upstreamRequestId,
    // After the clock was set back, the difference says nothing.
    durationMs: durationMs === null ? null : Math.max(0, Math.round(durationMs)),
    recovered: durationMs === null,
  }
}

/** Returns a time as records have it. Many records in a row are of the same millisecond. */
export function toTime(ms: number): string {
  if (ms !== latest.ms) latest = { ms, time: new Date(ms).toISOString() }
  return latest.time
}

let latest = { ms: 0, time: new Date(0).toISOString() }
