import type { UpstreamFor } from './call-context.ts'
import { createGlobalFactors, type ReadGlobalFactors } from './global-factors.ts'
import type { GuardRail } from './guard-rail.ts'
import type { GuardRails } from './guard-rails.ts'
import type { MfaJournal } from './journal-port.ts'
import { createReadsInFlight, type ReadsInFlight } from './reads-in-flight.ts'
import type { IsRevisionOf, Revisions, ToRevision } from './revision.ts'
import type { UnsharedLockOutcome } from './shared-lock.ts'
import type { WithUserLock } from './user-lock.ts'

/** What reads and sets share for as long as the process runs. */
export interface MfaServices {
  readonly upstreamFor: UpstreamFor
  readonly journal: MfaJournal
  readonly policy: GuardRails
  readonly now: () => number
  readonly withUserLock: WithUserLock
  readonly toRevision: ToRevision
  readonly isRevisionOf: IsRevisionOf
  readonly readGlobalFactors: ReadGlobalFactors
  readonly readsInFlight: ReadsInFlight
  readonly sleep: (ms: number) => Promise<void>
  /** Is told of each change that a guard rail refuses. */
  readonly noteRefusal: (guardRail: GuardRail) => void
  readonly noteUnsharedLock: (outcome: UnsharedLockOutcome) => void
}

export interface MfaServicesOptions {
  readonly upstreamFor: UpstreamFor
  readonly journal: MfaJournal
  readonly policy: GuardRails
  readonly revisions: Revisions
  /** Locks of this process, or those that it shares with other replicas. */
  readonly withUserLock: WithUserLock
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Unset: nobody counts. */
  readonly noteRefusal?: (guardRail: GuardRail) => void
  readonly noteUnsharedLock?: (outcome: UnsharedLockOutcome) => void
}

export function createMfaServices({
  upstreamFor,
  journal,
  policy,
  revisions: { toRevision, isRevisionOf },
  withUserLock,
  now,
  sleep,
  noteRefusal = () => {},
  noteUnsharedLock = () => {},
}: MfaServicesOptions): MfaServices {
  return {
    upstreamFor,
    journal,
    policy,
    now,
    withUserLock,
    toRevision,
    isRevisionOf,
    readGlobalFactors: createGlobalFactors(upstreamFor, now),
    readsInFlight: createReadsInFlight(),
    sleep,
    noteRefusal,
    noteUnsharedLock,
  }
}
