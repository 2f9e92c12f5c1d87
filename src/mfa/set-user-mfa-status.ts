import { isInvisible } from '../base/invisible.ts'
import type { Asker } from './asker.ts'
import { isSameState } from './diff.ts'
import {
  type FactorChange,
  type FactorChangeInput,
  findFactorChangeFaults,
  toFactorChange,
} from './factor-change.ts'
import { fail, type MfaFailure, type Result, refusedInput, succeed } from './failure.ts'
import type { FieldError } from './failure-details.ts'
import { type FindMeans, findUserIds } from './find-user-ids.ts'
import { judgeSet, needsStateBefore, toGuardRail } from './guard-rails.ts'
import { beginProgress, findNamedTexts, guessOnRecord, type SetProgress } from './guess-on-record.ts'
import { type MfaFieldChange, mergeMfaState } from './merge.ts'
import { EMPTY_MFA_STATE, type MfaState } from './mfa-state.ts'
import { findReasonFault } from './reason-fault.ts'
import { findRevisionFault } from './revision.ts'
import type { MfaServices } from './services.ts'
import { LOCK_NOT_SHARED, lockNotShared, needsSharedLock, whileShared } from './shared-lock.ts'
import type { MfaStatusSet, ResolvedUser, SetNeeds, SetUserMfaStatus } from './user-change.ts'
import { lockNotHad } from './user-lock.ts'
import { findUserIdFault, foldUserRef, type UserRef } from './user-ref.ts'
import { writeOnRecord } from './write-on-record.ts'

/**
 * Sets one user's MFA state; see `setResolvedUser` for what it costs. A user who is not named by GenAuth's own
 * id costs one more call, first, so that read and write cannot meet two different people.
 */
export async function setUserMfaStatus(
  services: MfaServices,
  asker: Asker,
  wanted: SetUserMfaStatus,
  needs: SetNeeds,
): Promise<Result<MfaStatusSet>> {
  const faults = [...findUserFaults(wanted), ...findTokenFaults(wanted), ...findChangeFaults(wanted)]
  if (faults.length > 0) return fail(refusedInput(faults))
  const given = foldUserRef(wanted)
  const [found] = await findUserIds(toFindMeans(services, asker), [given])
  if (found === undefined) throw new Error('The upstream left a user unanswered')
  if (!found.ok) return fail(notApplied(found.failure))
  return setResolvedUser(services, asker, { genauthId: found.value, given }, wanted, needs)
}

/**
 * Sets the state of a user known by GenAuth's own id, for a wish without faults. No other set that
 * shares the lock touches the user meanwhile; who has lost the lock writes nothing.
 *
 * With `mfaToken` and a whole list the input is the whole new state: one call. Whatever needs the state before (no
 * token, a patch, an expected revision, a dry run, a look at what changed) reads it first. What is known to change
 * nothing is not written.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function setResolvedUser(
  services: MfaServices,
  asker: Asker,
  resolved: ResolvedUser,
  wanted: Omit<SetUserMfaStatus, keyof UserRef>,
  needs: SetNeeds,
): Promise<Result<MfaStatusSet>> {
  const set = (progress: SetProgress) => setKnownUser(services, asker, resolved, wanted, needs, progress)
  return findNamedTexts(wanted.triggerData).length === 0
    ? set(beginProgress())
    : guessOnRecord(services, asker, resolved, wanted, set)
}

async function setKnownUser(
  services: MfaServices,
  asker: Asker,
  { genauthId, given }: ResolvedUser,
  wanted: Omit<SetUserMfaStatus, keyof UserRef>,
  needs: SetNeeds,
  progress: SetProgress,
): Promise<Result<MfaStatusSet>> {
  const { isRevisionOf, policy, now } = services
  const { operation } = asker
  const upstream = services.upstreamFor(operation)
  const user: UserRef = { userId: genauthId, userIdType: 'USER_ID' }
  const { expectedRevision, dryRun } = wanted
  const { mfaToken: givenToken = null } = wanted.triggerData
  const change = toFactorChange(wanted)
  const isReplacement = givenToken !== null && change.kind === 'LIST'
  const mustKnow = !isReplacement || expectedRevision !== null || dryRun || needsStateBefore(policy)

  if (!dryRun) services.journal.refuseUnlessOpen()
  const counted = dryRun ? await asker.limits.countRead() : await asker.limits.countWrite()
  if (!counted.ok) return counted
  return services.withUserLock<MfaStatusSet>(genauthId, operation.deadline, async lock => {
    const read = mustKnow || needs.before ? await upstream.readMfa(user) : null
    if (mustKnow && read?.ok === false) return fail(notApplied(read.failure))
    const known = read?.ok ? read.value : null
    const before = known?.state ?? null

    if (before !== null) progress.isCompared = true
    if (before !== null && expectedRevision !== null && !isRevisionOf(expectedRevision, genauthId, before)) {
      return fail({ kind: 'REVISION_CONFLICT', upstream: null, current: { user, state: before } })
    }
    const { allowNoFactor, reason, triggerData: fields } = wanted
    const after = toStateAfter(isReplacement ? null : before, fields, change)
    // Before anything is compared: a refusal must not depend on whether a guess at the state was right.
    const judged = { genauthId, before, fields, change, after, allowNoFactor, reason }
    const verdict = judgeSet(policy, asker.facts, judged, now())
    if ('refusal' in verdict) {
      services.noteRefusal(toGuardRail(verdict.refusal))
      return fail(verdict.refusal)
    }
    const { effects } = verdict
    const unwritten = { user, before, effects, applied: false, isLockShared: true }
    if (before !== null && isSameState(before, after)) {
      return succeed({ ...unwritten, after: before, isChange: false, verified: true })
    }
    const mfaToken = givenToken ?? known?.mfaToken ?? null
    if (mfaToken === null) return refuseMissingToken()
    if (dryRun) return succeed({ ...unwritten, after, isChange: true, verified: false })

    const mustBeShared = needsSharedLock(policy.sharedLockFor, effects)
    const hasLostShare = () => mustBeShared && !lock.isShared()
    const refuseUnshared = () => {
      services.noteUnsharedLock('REFUSED')
      return lockNotShared()
    }
    if (hasLostShare()) return refuseUnshared()
    const allowed = effects.length > 0 ? await asker.limits.countWeakening() : succeed(undefined)
    if (!allowed.ok) return allowed
    const needed = mustBeShared ? whileShared(lock) : lock
    if (!(await needed.confirm())) return hasLostShare() ? refuseUnshared() : lockNotHad()
    const railsPassed = lock.isShared() ? verdict.passed : [...verdict.passed, LOCK_NOT_SHARED]
    const decided = { given, user, before, after, mfaToken, reason, effects, railsPassed }
    const written = await writeOnRecord(services, asker, decided, needed)
    progress.isOnRecord = true
    if (!written.ok) return isNotSent(written.failure) && hasLostShare() ? refuseUnshared() : written
    const { state, verified } = written.value
    const isLockShared = await lock.release()
    if (!isLockShared) services.noteUnsharedLock('MADE')
    return succeed({
      user,
      before,
      after: state,
      effects,
      isChange: true,
      applied: true,
      verified,
      isLockShared,
    })
  })
}

/** What a set looks its users up with. */
export function toFindMeans(
  { upstreamFor }: Pick<MfaServices, 'upstreamFor'>,
  { limits, operation }: Pick<Asker, 'limits' | 'operation'>,
): FindMeans {
  return { upstream: upstreamFor(operation), limits, deadline: operation.deadline }
}

/** What is wrong with how a user is named, or with the revision expected of it. */
export function findUserFaults(
  user: UserRef & { readonly expectedRevision?: string | null | undefined },
): FieldError[] {
  const idFault = findUserIdFault(user)
  const revisionFault = user.expectedRevision == null ? null : findRevisionFault(user.expectedRevision)
  return [
    ...(idFault === null ? [] : [{ path: ['userId'], message: idFault }]),
    ...(revisionFault === null ? [] : [{ path: ['expectedRevision'], message: revisionFault }]),
  ]
}

/** A failure from before the write: nothing was changed, and a caller may rely on it. */
export function notApplied(failure: MfaFailure): MfaFailure {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' ? { ...failure, outcome: 'NOT_APPLIED' } : failure
}

function isNotSent(failure: MfaFailure): boolean {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' && failure.reason === 'NOT_SENT'
}

function toStateAfter(base: MfaState | null, fields: MfaFieldChange, change: FactorChange): MfaState {
  return mergeMfaState(base ?? EMPTY_MFA_STATE, fields, change)
}

/** What is wrong with a change, whoever it is for. */
export function findChangeFaults(
  wanted: FactorChangeInput & { readonly reason: string | null },
): FieldError[] {
  const reasonFault = wanted.reason === null ? null : findReasonFault(wanted.reason)
  const faults = findFactorChangeFaults(wanted)
  return reasonFault === null ? faults : [...faults, { path: ['reason'], message: reasonFault }]
}

function findTokenFaults({ triggerData }: SetUserMfaStatus): FieldError[] {
  const { mfaToken } = triggerData
  if (mfaToken == null || !isInvisible(mfaToken)) return []
  return [
    { path: ['triggerData', 'mfaToken'], message: 'The token must not be blank; leave it out instead.' },
  ]
}

function refuseMissingToken(): Result<never> {
  const message = 'GenAuth holds no mfaToken for this user; give one.'
  return fail(refusedInput([{ path: ['triggerData', 'mfaToken'], message }]))
}
