import { createGlobalFactors, type ReadGlobalFactors } from './global-factors.ts'
import type { MfaJournal } from './journal.ts'
import type { MfaPolicy } from './policy.ts'
import { createRevisions, type ToRevision } from './revision.ts'
import type { MfaUpstream } from './upstream.ts'
import { createUserLocks, type WithUserLock } from './user-locks.ts'

/** What reads and sets share for as long as the process runs. */
export interface MfaServices {
  readonly upstream: MfaUpstream
  readonly journal: MfaJournal
  readonly policy: MfaPolicy
  readonly now: () => number
  readonly withUserLock: WithUserLock
  readonly toRevision: ToRevision
  readonly readGlobalFactors: ReadGlobalFactors
  readonly sleep: (ms: number) => Promise<void>
}

export interface MfaServicesOptions {
  readonly upstream: MfaUpstream
  readonly journal: MfaJournal
  readonly policy: MfaPolicy
  /** Revisions are keyed from it. */
  readonly accessKeySecret: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

export function createMfaServices({
  upstream,
  journal,
  policy,
  accessKeySecret,
  now,
  sleep,
}: MfaServicesOptions): MfaServices {
  return {
    upstream,
    journal,
    policy,
    now,
    withUserLock: createUserLocks(),
    toRevision: createRevisions(accessKeySecret),
    readGlobalFactors: createGlobalFactors(upstream, now),
    sleep,
  }
}
