import type { Logger } from 'pino'
import type { Clock } from '../../base/clock.ts'
import { createDeadline } from '../../base/deadline.ts'
import type { Emitter } from '../../base/events.ts'
import { limitConcurrency } from '../../base/limit-concurrency.ts'
import type { FollowUpFinding } from '../../history/change.ts'
import { type CallContext, ownCallContext } from '../../mfa/call-context.ts'
import type { IsRevisionOf } from '../../mfa/revision.ts'
import type { MfaUpstream } from '../../mfa/upstream.ts'
import type { Journal } from '../journal.ts'
import type { JournalEvents } from '../journal-events.ts'
import { look } from './look.ts'
import type { UnresolvedIntent } from './open-intent.ts'

/** Looks again, in the background, at the users of writes whose outcome stayed `UNKNOWN`. */
export interface FollowUps {
  /** Adds an intent with the outcome `UNKNOWN`. If too many wait, it is dropped, and the journal says so. */
  add(intent: UnresolvedIntent): void
  /** The number of intents that still wait for their last look. */
  readonly pending: number
  /** Stops looking. Pending intents stay pending in the journal, and the next start continues with them. */
  close(): void
}

export interface FollowUpsOptions {
  readonly journal: Pick<Journal, 'followUp'>
  readonly upstreamFor: (operation: CallContext) => Pick<MfaUpstream, 'readMfa'>
  readonly isRevisionOf: IsRevisionOf
  /** By its `now`, so that what is due while no process runs is due at the next start. */
  readonly clock: Clock
  readonly events: Emitter<JournalEvents>
  readonly log: Logger
  readonly maxPending?: number
}

/** The times of the looks at a user, counted from the moment when the outcome `UNKNOWN` was recorded. */
const LOOKS_AFTER_MS = [1_000, 5_000, 30_000, 120_000] as const
const MAX_LOOK = LOOKS_AFTER_MS.length
/** The longest time that one look may wait behind the calls of callers. */
const LOOK_DEADLINE_MS = 60_000
const MAX_PARALLEL_LOOKS = 4
/** Each takes about 400 bytes. */
const MAX_PENDING = 10_000
/** The wait after a record that could not be written. */
const RECORD_AGAIN_AFTER_MS = 120_000

/** An intent that is being followed up. */
interface Pending {
  readonly intent: UnresolvedIntent
  /** The number of the last look by the schedule. A look that stands for several has the number of the last one. */
  lastLook: number
  looksMade: number
  cancel: () => void
}

/**
 * Looks 1, 5, 30 and 120 s after the outcome, and records the finding. The intended state is recorded as soon as it is
 * there, and anything else at the last look. Looks that are due together, after a restart or behind others, are one
 * look. While the user cannot be read, there are at least as many looks as the schedule has.
 */
export function createFollowUps(options: FollowUpsOptions): FollowUps {
  const { journal, upstreamFor, isRevisionOf, clock, events, log } = options
  const { maxPending = MAX_PENDING } = options
  const pending = new Map<string, Pending>()
  const limited = limitConcurrency(MAX_PARALLEL_LOOKS)
  let isClosed = false

  function waitFor(one: Pending, afterMs: number, isDue: () => void): void {
    const timer = clock.after(Math.max(0, afterMs), isDue).unref()
    one.cancel = () => timer.cancel()
  }

  /** A clock that was set back must not delay a look by more than its interval. */
  function toWaitMs({ intent: { unknownSinceMs }, lastLook, looksMade }: Pending): number {
    const afterMs = LOOKS_AFTER_MS[lastLook]
    if (afterMs === undefined) return LOOKS_AFTER_MS[looksMade] ?? 0
    return Math.min(afterMs, (unknownSinceMs ?? clock.now()) + afterMs - clock.now())
  }

  function waitForLook(one: Pending): void {
    waitFor(one, toWaitMs(one), () => void limited(() => lookAt(one)))
  }

  async function lookAt(one: Pending): Promise<void> {
    if (isClosed) return
    const { intent } = one
    const elapsedMs = clock.now() - (intent.unknownSinceMs ?? clock.now())
    const dueByNow = LOOKS_AFTER_MS.filter(afterMs => afterMs <= elapsedMs).length
    one.lastLook = Math.min(MAX_LOOK, Math.max(dueByNow, one.lastLook + 1))
    one.looksMade++
    const operation = ownCallContext(createDeadline(LOOK_DEADLINE_MS, clock), 'BACKGROUND')
    const found = await look(upstreamFor(operation), isRevisionOf, intent)
    if (isClosed) return
    const isLast = one.lastLook === MAX_LOOK && (found !== 'UNREADABLE' || one.looksMade >= MAX_LOOK)
    if (found === 'INTENDED' || isLast) await record(one, found)
    else waitForLook(one)
  }

  async function record(one: Pending, found: FollowUpFinding): Promise<void> {
    const { intent, lastLook } = one
    try {
      await journal.followUp(intent, lastLook, found)
    } catch {
      // The log already says why. Until it is recorded, the intent stays pending in the journal, too.
      if (!isClosed) waitFor(one, RECORD_AGAIN_AFTER_MS, () => void record(one, found))
      return
    }
    pending.delete(intent.id)
    events.emit('followUp', { found })
    log.info({ intent: intent.id, found, look: lastLook }, 'looked again at a write in doubt')
  }

  function drop(intent: UnresolvedIntent): void {
    const text = 'too many writes in doubt wait for another look: this one gets none'
    log.warn({ intent: intent.id, pending: pending.size }, text)
    journal.followUp(intent, 0, 'DROPPED').then(
      () => events.emit('followUp', { found: 'DROPPED' }),
      // The intent stays pending in the journal, and the next start continues with it.
      () => {},
    )
  }

  return {
    add(intent) {
      if (isClosed) return
      if (pending.size >= maxPending) return drop(intent)
      const one: Pending = { intent, lastLook: 0, looksMade: 0, cancel() {} }
      pending.set(intent.id, one)
      waitForLook(one)
    },
    get pending() {
      return pending.size
    },
    close() {
      isClosed = true
      for (const { cancel } of pending.values()) cancel()
      pending.clear()
    },
  }
}
