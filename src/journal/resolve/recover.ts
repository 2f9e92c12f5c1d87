import type { Logger } from 'pino'
import type { Clock } from '../../base/clock.ts'
import { createDeadline } from '../../base/deadline.ts'
import { limitConcurrency } from '../../base/limit-concurrency.ts'
import { type CallContext, ownCallContext } from '../../mfa/call-context.ts'
import { type Result, succeed } from '../../mfa/failure.ts'
import type { WriteConclusion } from '../../mfa/journal-port.ts'
import type { IsRevisionOf } from '../../mfa/revision.ts'
import type { MfaUpstream } from '../../mfa/upstream.ts'
import type { WithUserLock } from '../../mfa/user-lock.ts'
import type { Journal } from '../journal.ts'
import { look } from './look.ts'
import type { UnresolvedIntent } from './open-intent.ts'
import { untilOver } from './until-over.ts'

export interface RecoveryOptions {
  readonly journal: Pick<Journal, 'openIntents' | 'resolve'>
  readonly upstreamFor: (operation: CallContext) => Pick<MfaUpstream, 'readMfa'>
  readonly isRevisionOf: IsRevisionOf
  readonly withUserLock: WithUserLock
  /** The time after an intent in which its write may still be in flight. */
  readonly concludeAfterMs: number
  /** `true` if no other process changes these users while this one is down. */
  readonly isAlone: boolean
  readonly clock: Clock
  readonly log: Logger
}

/** Finds the outcomes of the intents that a crash left open, while the process already serves. */
export interface Recovery {
  /** Resolves when each of them has an outcome, or when the recovery is closed. */
  readonly ended: Promise<void>
  /** Stops concluding. Open intents stay open in the journal, and the next start continues with them. */
  close(): void
}

type Outcome = WriteConclusion['outcome']

const MAX_PARALLEL_LOOKS = 16
const LOOK_DEADLINE_MS = 10_000
/** The longest wait for a lock that another replica holds. */
const LOCK_WAIT_MS = 30_000

/**
 * Concludes each open intent by one look at its user, as soon as its write cannot be in flight any more. Until then it
 * holds the user's lock, so that changes of this process wait. They would make a state that says nothing about the
 * write before. The locks are requested in the call itself, before anything can be served.
 *
 * - `APPLIED`: the intended state is in force and differs from the state before. Nobody else is known who can have made
 *   it. That excludes other processes, and other writes of this journal that were unresolved at the same time.
 * - `UNKNOWN`: anything else. The state before proves nothing, because the dead process may have sent the write to a
 *   GenAuth that is still working on it. An `UNKNOWN` write is followed up like any other write in doubt.
 *
 * Each outcome is durable by itself, so that a crash here leaves the rest to the next start.
 */
export function startRecovery(options: RecoveryOptions): Recovery {
  const { journal, upstreamFor, isRevisionOf, withUserLock, concludeAfterMs, isAlone, clock, log } = options
  const { openIntents } = journal
  const counts: Record<Outcome, number> = { APPLIED: 0, NOT_APPLIED: 0, UNKNOWN: 0 }
  const limited = limitConcurrency(MAX_PARALLEL_LOOKS)
  let close = () => {}
  let isClosed = false
  const closed = new Promise<void>(resolve => {
    close = resolve
  })

  /** Resolves when the write of an intent cannot be in flight any more, or when the recovery is closed. */
  async function untilWriteIsOver({ intendedAtMs }: UnresolvedIntent): Promise<void> {
    // A clock that was set back must not delay it.
    await untilOver(Math.min(concludeAfterMs, intendedAtMs + concludeAfterMs - clock.now()), closed, clock)
  }

  async function conclude(intent: UnresolvedIntent): Promise<Result<Outcome>> {
    await untilWriteIsOver(intent)
    if (isClosed) return succeed('UNKNOWN')
    const operation = ownCallContext(createDeadline(LOOK_DEADLINE_MS, clock))
    const found = await limited(() => look(upstreamFor(operation), isRevisionOf, intent))
    const outcome = found === 'INTENDED' && provesApplied(intent) ? 'APPLIED' : 'UNKNOWN'
    await resolveIntent(intent, outcome)
    return succeed(outcome)
  }

  function provesApplied(intent: UnresolvedIntent): boolean {
    return isAlone && intent.revisionBefore !== null && !intent.isContested
  }

  async function resolveIntent(intent: UnresolvedIntent, outcome: Outcome): Promise<void> {
    if (isClosed) return
    try {
      await journal.resolve(intent, outcome)
      counts[outcome]++
    } catch {
      // The log already says why.
      log.error({ intent: intent.id }, 'an outcome cannot be recorded: the next start looks again')
    }
  }

  async function recover(intent: UnresolvedIntent): Promise<void> {
    // Without an identifier there is no lock to take.
    if (intent.user === null) return resolveIntent(intent, 'UNKNOWN')
    const deadline = createDeadline(concludeAfterMs + LOCK_WAIT_MS, clock)
    const concluded = await withUserLock(intent.user.userId, deadline, () => conclude(intent))
    // Somebody else has changed the user all the time, so a look proves nothing any more.
    if (!concluded.ok) await resolveIntent(intent, 'UNKNOWN')
  }

  const noteFault = (error: unknown) => log.error({ err: error }, 'unexpected error')
  const ended = Promise.all(openIntents.map(intent => recover(intent).catch(noteFault))).then(() => {
    if (openIntents.length > 0 && !isClosed) {
      log.warn(counts, 'concluded the intents that an earlier process left open in the audit journal')
    }
  })
  return {
    ended,
    close() {
      isClosed = true
      close()
    },
  }
}
