import { createGlobalFactors, type ReadGlobalFactors } from './global-factors.ts'
import type { MfaJournal } from './journal.ts'
import { createRevisions, type ToRevision } from './revision.ts'
import type { MfaUpstream } from './upstream.ts'
import { createUserLocks, type WithUserLock } from './user-locks.ts'

/** What reads and sets share for as long as the process runs. */
export interface MfaServices {
  readonly upstream: MfaUpstream
  readonly journal: MfaJournal
  readonly withUserLock: WithUserLock
  readonly toRevision: ToRevision
  readonly readGlobalFactors: ReadGlobalFactors
  readonly sleep: (ms: number) => Promise<void>
}

export interface MfaServicesOptions {
  readonly upstream: MfaUpstream
  readonly journal: MfaJournal
  /** Revisions are keyed from it. */
  readonly accessKeySecret: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

export function createMfaServices({
  upstream,
  journal,
  accessKeySecret,
  now,
  sleep,
}: MfaServicesOptions): MfaServices {
  return {
    upstream,
    journal,
    withUserLock: createUserLocks(),
    toRevision: createRevisions(accessKeySecret),
    readGlobalFactors: createGlobalFactors(upstream, now),
    sleep,
  }
}
