import { earlier } from '../base/deadline.ts'
import { betweenRecords } from './between-records.ts'
import type { ChangeScope } from './caller-scope.ts'
import type { MfaChangeEffect } from './change-effect.ts'
import { diffFields } from './diff.ts'
import { fail, type MfaFailure, type Result, succeed } from './failure.ts'
import type { SeenMfa } from './failure-details.ts'
import { weakens } from './find-change-effects.ts'
import type { WriteIntent } from './journal-port.ts'
import type { MfaState } from './mfa-state.ts'
import { confirmWrite, reconcileWrite, type WrittenState } from './read-back.ts'
import type { HeldLock } from './user-lock.ts'
import type { UserRef } from './user-ref.ts'

/** A write that has been decided on. */
export interface DecidedWrite {
  /** How the caller named the user. */
  readonly given: UserRef
  readonly user: UserRef
  /** `null` if it is not known. */
  readonly before: MfaState | null
  readonly after: MfaState
  readonly mfaToken: string
  readonly reason: string | null
  /** The id of the change that the write takes back. `null` if it takes none back. */
  readonly revertOf: string | null
  readonly effects: readonly MfaChangeEffect[]
  readonly railsPassed: readonly string[]
}

/** A write that was made. */
export interface MadeWrite extends WrittenState {
  /** The id of the change on record. `null` if the journal has none. */
  readonly changeId: string | null
}

/** The time that a write leaves, so that its outcome can be on record before the deadline. */
const RECORD_MS = 100

/** The parts that a write uses. */
export interface WriteScope {
  readonly context: ChangeScope['context']
  readonly parts: Pick<ChangeScope['parts'], 'upstreamFor' | 'journal' | 'toRevision' | 'readsInFlight'>
}

/**
 * Sends a write between its two records. If the lock is lost, nothing is sent.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function writeOnRecord(
  scope: WriteScope,
  write: DecidedWrite,
  lock: Pick<HeldLock, 'isHeld'>,
): Promise<Result<MadeWrite>> {
  const { journal, readsInFlight } = scope.parts
  const { deadline } = scope.context
  const intent = toIntent(scope, write)
  const written = await betweenRecords(journal.begin(intent), deadline, async () => {
    readsInFlight.close()
    const result = await send(scope, write, intent, lock)
    readsInFlight.close()
    return result
  })
  return written.ok ? succeed({ ...written.value, changeId: journal.changeIdOf(intent) }) : written
}

function toIntent({ parts, context }: WriteScope, write: DecidedWrite): WriteIntent {
  const { given, user, before, after, reason, revertOf, effects, railsPassed } = write
  return {
    request: context,
    given,
    genauthId: user.userId,
    factorsBefore: before?.factors ?? null,
    factorsAfter: after.factors,
    changedFields: diffFields(before, after),
    revisionBefore: before && parts.toRevision(user.userId, before),
    revisionIntended: parts.toRevision(user.userId, after),
    reason,
    revertOf,
    effects,
    railsPassed,
  }
}

/** Sends the write and finds out its outcome. A write that weakens is read back even if GenAuth says "success". */
async function send(
  { parts, context }: WriteScope,
  { user, before, after, mfaToken }: DecidedWrite,
  intent: WriteIntent,
  lock: Pick<HeldLock, 'isHeld'>,
): Promise<Result<WrittenState>> {
  const deadline = earlier(context.deadline, RECORD_MS)
  const underLock = parts.upstreamFor({ ...context, deadline, isWanted: lock.isHeld })
  const written = await underLock.writeMfa(user, after, mfaToken)
  if (written.ok && (before === null || !weakens(before, after))) {
    return succeed({ state: after, verified: false })
  }
  // Reading back needs no lock.
  const upstream = parts.upstreamFor({ ...context, deadline })
  if (written.ok) return confirmWrite({ upstream, deadline }, user, after)
  const reconciled = await reconcileWrite(upstream, { user, before, intended: after }, written.failure)
  if (!reconciled.ok) return reconciled
  const state = reconciled.value
  return parts.journal.isContested(intent)
    ? fail(toContested(written.failure, { user, state }))
    : succeed({ state, verified: true })
}

/**
 * Returns the failure of a contested write. An earlier write in doubt may have made the intended state, and this one
 * may still be on its way.
 */
function toContested(failure: MfaFailure, observed: SeenMfa): MfaFailure {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' ? { ...failure, outcome: 'UNKNOWN', observed } : failure
}
