import type { MfaFactorType } from './factor.ts'
import type { Result } from './failure.ts'
import type { MfaUpstream } from './upstream.ts'

/** The factors that the user pool allows at all. */
export type ReadGlobalFactors = () => Promise<Result<readonly MfaFactorType[]>>

/** Settings of a whole pool change rarely; a warning may be this old. */
const KEPT_MS = 60_000

/** Reads the pool's settings at most once a minute, however many ask. A failure is not kept. */
export function createGlobalFactors(upstream: MfaUpstream, now: () => number): ReadGlobalFactors {
  let kept: { readonly until: number; readonly read: ReturnType<ReadGlobalFactors> } | null = null
  return async () => {
    if (kept === null || now() >= kept.until)
      kept = { until: now() + KEPT_MS, read: upstream.readGlobalFactors() }
    const asked = kept
    const read = await asked.read
    if (!read.ok && kept === asked) kept = null
    return read
  }
}
