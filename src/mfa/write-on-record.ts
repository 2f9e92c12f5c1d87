import { earlier, within } from '../base/deadline.ts'
import type { Asker } from './asker.ts'
import type { CallContext } from './call-context.ts'
import type { MfaChangeEffect } from './change-effect.ts'
import { confirmWrite } from './confirm-write.ts'
import { diffFields } from './diff.ts'
import { fail, type MfaFailure, notSent, type Result, succeed } from './failure.ts'
import type { SeenMfa } from './failure-details.ts'
import { weakens } from './find-change-effects.ts'
import type { MfaJournal, SetConclusion, SetIntent } from './journal-port.ts'
import type { MfaState } from './mfa-state.ts'
import { reconcileWrite } from './reconcile-write.ts'
import type { MfaServices } from './services.ts'
import type { HeldLock } from './user-lock.ts'
import type { UserRef } from './user-ref.ts'
import type { WrittenState } from './written-state.ts'

/** A write that has been decided on. */
export interface DecidedWrite {
  /** How the caller named the user. */
  readonly given: UserRef
  readonly user: UserRef
  /** Null: not known. */
  readonly before: MfaState | null
  readonly after: MfaState
  readonly mfaToken: string
  readonly reason: string | null
  readonly effects: readonly MfaChangeEffect[]
  readonly railsPassed: readonly string[]
}

/** What a write leaves of its time, so that its outcome can be on record before the deadline. */
const RECORD_MS = 100

/**
 * Sends a write between its two records: the intent is durable before it is sent, the conclusion before anybody
 * is told, but no later than the deadline: a disk that hangs keeps nobody from the truth. An intent that is not durable
 * by the deadline is concluded when it is, and nothing is sent. Nothing is sent either if the lock is lost. What is
 * known to weaken is read back even if GenAuth says that it is done.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function writeOnRecord(
  services: Pick<MfaServices, 'upstreamFor' | 'journal' | 'toRevision' | 'readsInFlight' | 'sleep'>,
  { request, operation }: Pick<Asker, 'request' | 'operation'>,
  write: DecidedWrite,
  { isHeld }: Pick<HeldLock, 'isHeld'>,
): Promise<Result<WrittenState>> {
  const { journal, toRevision, sleep } = services
  const sending = { ...operation, deadline: earlier(operation.deadline, RECORD_MS) }
  const upstream = services.upstreamFor(sending)
  const { given, user, before, after, mfaToken, reason, effects, railsPassed } = write
  const intent: SetIntent = {
    request,
    given,
    genauthId: user.userId,
    factorsBefore: before?.factors ?? null,
    factorsAfter: after.factors,
    changedFields: diffFields(before, after),
    revisionBefore: before && toRevision(user.userId, before),
    revisionIntended: toRevision(user.userId, after),
    reason,
    effects,
    railsPassed,
  }
  const begun = journal.begin(intent)
  const conclude = await within(operation.deadline, begun, () => null)
  if (conclude === null) return giveUp(begun)
  services.readsInFlight.close()
  const result = await send()
  services.readsInFlight.close()
  const { deadline } = operation
  await within(deadline, conclude(toConclusion(result), deadline), () => {})
  return result

  async function send(): Promise<Result<WrittenState>> {
    // Asked again at the last moment: the write may have waited long for its turn. What is read back needs no lock.
    const writing = services.upstreamFor(whileHeld(sending, isHeld))
    const written = await writing.writeMfa(user, after, mfaToken)
    if (written.ok) {
      return before !== null && weakens(before, after)
        ? confirmWrite({ upstream, deadline: sending.deadline, sleep }, user, after)
        : succeed({ state: after, verified: false })
    }
    const settled = await reconcileWrite(upstream, { user, before, intended: after }, written.failure)
    if (!settled.ok) return settled
    return journal.isContested(intent)
      ? fail(toContested(written.failure, { user, state: settled.value }))
      : succeed({ state: settled.value, verified: true })
  }
}

/** An earlier write that is in doubt may have made the intended state, and this one may still be on its way. */
function toContested(failure: MfaFailure, observed: SeenMfa): MfaFailure {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' ? { ...failure, outcome: 'UNKNOWN', observed } : failure
}

function whileHeld(operation: CallContext, isHeld: () => boolean): CallContext {
  const { deadline, callerKey, priority, isWanted, onWait, trace } = operation
  return { deadline, callerKey, priority, isWanted: () => isWanted() && isHeld(), onWait, trace }
}

function giveUp(begun: ReturnType<MfaJournal['begin']>): Result<never> {
  const result = fail({ ...notSent(), outcome: 'NOT_APPLIED' })
  // Where the intent could not be written after all, there is nothing to conclude.
  begun.then(conclude => conclude(toConclusion(result))).catch(() => {})
  return result
}

function toConclusion(result: Result<WrittenState>): SetConclusion {
  if (result.ok) return { outcome: 'APPLIED', failure: null, upstreamRequestId: null }
  const { failure } = result
  return {
    outcome: failure.kind === 'UPSTREAM_UNAVAILABLE' ? (failure.outcome ?? 'UNKNOWN') : 'NOT_APPLIED',
    failure: failure.kind,
    upstreamRequestId: failure.upstream?.requestId ?? null,
  }
}
