import type { Clock } from '../base/clock.ts'
import type { Emitter } from '../base/events.ts'
import type { CallContext, CallerContext } from '../mfa/call-context.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import type { GuardRails } from '../mfa/check-guard-rails.ts'
import type { MfaEvents } from '../mfa/mfa-events.ts'
import type { WithUserLock } from '../mfa/user-lock.ts'
import type { PolicyJournal } from './policy-journal.ts'
import type { PolicyUpstream, PolicyUpstreamFor } from './policy-upstream.ts'

/** The parts of the process that changes of policies use. */
export interface PolicyParts {
  readonly upstreamFor: PolicyUpstreamFor
  readonly journal: PolicyJournal
  readonly guardRails: GuardRails
  /** The locks of this process, or those that it shares with other replicas. */
  readonly withUserLock: WithUserLock
  readonly clock: Clock
  readonly events: Emitter<MfaEvents>
  /** Called when a change of the pool was sent, whatever became of it. */
  readonly onPoolWritten: () => void
}

/** The parts, bound to a request and its caller. */
export interface PolicyScope {
  readonly parts: PolicyParts
  readonly context: CallContext & CallerContext
  readonly limits: CallerLimits
  readonly upstream: PolicyUpstream
}
