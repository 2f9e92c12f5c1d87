import type { GracefulShutdown } from './graceful-shutdown.ts'
import type { LoadShedding } from './load-shedding.ts'

/** Why no requests should be sent here, in words that stay. */
export type NotReadyReason = 'UPSTREAM_TOKEN' | 'JOURNAL' | 'ISSUER_KEYS' | 'OVERLOADED' | 'STOPPING'

/** What is not as it should be though requests are served, in words that stay. */
export type ReadyNote = 'LOCAL_SHARE' | 'JOURNAL_UNVERIFIED'

/** What must be there before a request can be served; each says whether it is. */
export type ReadyParts = Readonly<Record<'UPSTREAM_TOKEN' | 'JOURNAL' | 'ISSUER_KEYS', () => boolean>>

/**
 * Says what keeps this process from being ready, nothing if it is. Shedding counts only when it lasts: a burst that
 * was turned away is no reason to send everybody to the others.
 */
export function createReadiness(
  parts: ReadyParts,
  loadShedding: Pick<LoadShedding, 'isLasting'>,
  drain: Pick<GracefulShutdown, 'hasBegun'>,
): () => readonly NotReadyReason[] {
  const checks: readonly (readonly [NotReadyReason, () => boolean])[] = [
    ['UPSTREAM_TOKEN', parts.UPSTREAM_TOKEN],
    ['JOURNAL', parts.JOURNAL],
    ['ISSUER_KEYS', parts.ISSUER_KEYS],
    ['OVERLOADED', () => !loadShedding.isLasting],
    ['STOPPING', () => !drain.hasBegun],
  ]
  return () => checks.filter(([, isGood]) => !isGood()).map(([reason]) => reason)
}
