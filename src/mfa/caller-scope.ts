import type { Clock } from '../base/clock.ts'
import type { Emitter } from '../base/events.ts'
import type { CallContext, CallerContext, UpstreamFor } from './call-context.ts'
import type { CallerLimits } from './caller-limits.ts'
import type { GuardRails } from './check-guard-rails.ts'
import type { MfaJournal } from './journal-port.ts'
import type { MfaEvents } from './mfa-events.ts'
import type { ProtectedUsers } from './protected-users.ts'
import type { ReadsInFlight } from './reads-in-flight.ts'
import type { IsRevisionOf, ToRevision } from './revision.ts'
import type { MfaUpstream } from './upstream.ts'
import type { WithUserLock } from './user-lock.ts'
import type { FoundUser } from './user-ref.ts'

/** The upstream that work for a caller may use, bound to its context, and the limits of the caller. */
export interface CallerScope {
  readonly context: CallContext
  readonly upstream: MfaUpstream
  readonly limits: CallerLimits
  /** The users that this request has found so far, by GenAuth's own id. */
  readonly foundUsers: Map<string, FoundUser>
}

/** The scope of a change. */
export interface ChangeScope extends CallerScope {
  readonly context: CallContext & CallerContext
  readonly parts: ChangeParts
}

/** The parts of the process that changes use. */
export interface ChangeParts {
  readonly upstreamFor: UpstreamFor
  readonly journal: MfaJournal
  readonly policy: GuardRails
  readonly protectedUsers: ProtectedUsers
  /** The locks of this process, or those that it shares with other replicas. */
  readonly withUserLock: WithUserLock
  readonly readsInFlight: ReadsInFlight
  readonly toRevision: ToRevision
  readonly isRevisionOf: IsRevisionOf
  /** Judges a revision in the journal. */
  readonly isRecordedRevisionOf: IsRevisionOf
  readonly clock: Clock
  readonly events: Emitter<MfaEvents>
}
