import type { GracefulShutdown } from './graceful-shutdown.ts'
import type { LoadShedding } from './load-shedding.ts'

/** The reasons for sending no requests to this process. These words stay the same. */
export type NotReadyReason = 'UPSTREAM_TOKEN' | 'JOURNAL' | 'ISSUER_KEYS' | 'OVERLOADED' | 'STOPPING'

/** Conditions that need attention although requests are served. These words stay the same. */
export type ReadyNote = 'LOCAL_SHARE' | 'JOURNAL_UNVERIFIED'

/** The parts that must be available before a request can be served. Each function returns `true` if its part is. */
export type ReadyParts = Readonly<Record<'UPSTREAM_TOKEN' | 'JOURNAL' | 'ISSUER_KEYS', () => boolean>>

/**
 * Returns the reasons why this process is not ready, or none if it is. Load shedding counts only while it lasts. A
 * burst that was turned away is no reason to send every request to the other replicas.
 */
export function createReadiness(
  parts: ReadyParts,
  loadShedding: Pick<LoadShedding, 'isLasting'>,
  gracefulShutdown: Pick<GracefulShutdown, 'hasBegun'>,
): () => readonly NotReadyReason[] {
  const checks: readonly (readonly [NotReadyReason, () => boolean])[] = [
    ['UPSTREAM_TOKEN', parts.UPSTREAM_TOKEN],
    ['JOURNAL', parts.JOURNAL],
    ['ISSUER_KEYS', parts.ISSUER_KEYS],
    ['OVERLOADED', () => !loadShedding.isLasting],
    ['STOPPING', () => !gracefulShutdown.hasBegun],
  ]
  return () => checks.filter(([, isGood]) => !isGood()).map(([reason]) => reason)
}
