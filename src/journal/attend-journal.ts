import type { Clock } from '../base/clock.ts'
import type { CallContext } from '../mfa/call-context.ts'
import type { Journal } from './journal.ts'
import { createFollowUps, type FollowUpsOptions } from './resolve/follow-ups.ts'
import { type RecoveryOptions, startRecovery } from './resolve/recover.ts'
import { type PolicyRecoveryOptions, startPolicyRecovery } from './resolve/recover-policies.ts'

export interface AttendOptions
  extends Pick<RecoveryOptions, 'isRevisionOf' | 'withUserLock' | 'isAlone' | 'log'>,
    Pick<FollowUpsOptions, 'events'> {
  readonly upstreamFor: (
    operation: CallContext,
  ) => ReturnType<RecoveryOptions['upstreamFor']> & ReturnType<PolicyRecoveryOptions['upstreamFor']>
  /** The limit of one attempt at a call to GenAuth. */
  readonly upstreamTimeoutMs: number
  /** For recovery and follow-ups. */
  readonly backgroundClock: Clock
}

/** A journal whose open intents are concluded, and whose writes in doubt are followed up, in the background. */
export interface AttendedJournal {
  readonly journal: Journal
  /** Returns the number of its writes in doubt that will be looked at again. */
  pendingFollowUps(): number
  /** Stops the work in the background, and closes the journal. */
  close(): ReturnType<Journal['close']>
}

/** GenAuth may carry out a write for this long after the server stopped waiting for its reply. */
const LATE_WRITE_MS = 5_000

/** Starts that work. The locks of users are requested in the call itself. */
export function attendJournal(journal: Journal, options: AttendOptions): AttendedJournal {
  const { upstreamTimeoutMs, backgroundClock, ...rest } = options
  const followUps = createFollowUps({ ...rest, clock: backgroundClock, journal })
  for (const intent of journal.inDoubt) followUps.add(intent)
  journal.onInDoubt(followUps.add)
  const concludeAfterMs = upstreamTimeoutMs + LATE_WRITE_MS
  const inBackground = { ...rest, clock: backgroundClock, journal, concludeAfterMs }
  const recoveries = [startRecovery(inBackground), startPolicyRecovery(inBackground)]
  return {
    journal,
    pendingFollowUps: () => followUps.pending,
    close() {
      for (const recovery of recoveries) recovery.close()
      followUps.close()
      return journal.close()
    },
  }
}
