import type { ChangeScope } from './caller-scope.ts'
import { decideChange, toWantedChange, type WantedChange, type Wish } from './decide-change.ts'
import { isSameDisplay } from './diff.ts'
import { fail, isNotSent, notApplied, type Result, succeed } from './failure.ts'
import { type ChangeProgress, countGuesses, findNamedTexts, isMissed, recordGuess } from './guess.ts'
import { MFA_DISPLAY_FIELDS } from './mfa-state.ts'
import type { ResolvedUser, SelectedParts, UserChange } from './user-change.ts'
import {
  type HeldLock,
  LOCK_NOT_SHARED,
  lockNotHad,
  lockNotShared,
  needsSharedLock,
  whileShared,
} from './user-lock.ts'
import { type DecidedWrite, writeOnRecord } from './write.ts'

/**
 * Changes a user known by GenAuth's own id, as an input without faults asks. No other change that shares the lock
 * touches the user in that time. If the lock is lost, nothing is written.
 *
 * With `mfaToken` and a whole list of factors the input is the whole new state, which costs one call. In these cases
 * the state is read first, and if nothing would change, nothing is written:
 *
 * - There is no token.
 * - The change is a patch or a dry run.
 * - A revision is expected, or a guard rail needs the state before.
 * - The caller selects the differences.
 *
 * A change that names texts may be a guess at the stored ones. It counts as misses of the caller, which are reserved
 * before anything is read. If the journal has no intent of the change, it has a record of the guess before the result
 * is returned.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function changeUser(
  scope: ChangeScope,
  resolved: ResolvedUser,
  wanted: Wish,
  selected: SelectedParts,
): Promise<Result<UserChange>> {
  const change = toWantedChange(scope.parts, resolved, wanted, selected)
  const fields = findNamedTexts(wanted.triggerData)
  const progress: ChangeProgress = { isCompared: false, isOnRecord: false }
  if (fields.length === 0) return changeUnderLock(scope, change, progress)
  const guesses = countGuesses(fields)
  const reserved = await scope.limits.reserveMisses(guesses, scope.context.deadline, guesses)
  if (!reserved.ok) return reserved
  let result: Result<UserChange> | null = null
  try {
    result = await changeUnderLock(scope, change, progress)
    if (progress.isCompared && !progress.isOnRecord) {
      await recordGuess(scope, { ...resolved, fields, dryRun: wanted.dryRun }, result)
    }
    return result
  } finally {
    reserved.value.conclude(isMissed(progress, result) ? guesses : 0)
  }
}

async function changeUnderLock(
  scope: ChangeScope,
  change: WantedChange,
  progress: ChangeProgress,
): Promise<Result<UserChange>> {
  const { parts, limits, context, upstream } = scope
  const { resolved, wanted, readsBefore } = change
  if (!wanted.dryRun) parts.journal.refuseUnlessOpen()
  const counted = await (wanted.dryRun ? limits.countRead() : limits.countWrite())
  if (!counted.ok) return counted
  const user = { userId: resolved.genauthId, userIdType: 'USER_ID' } as const
  return parts.withUserLock<UserChange>(user.userId, context.deadline, async lock => {
    const read = readsBefore ? await upstream.readMfa(user) : null
    if (read?.ok === false) return fail(notApplied(read.failure))
    const known = read?.value ?? null
    if (known !== null) progress.isCompared = true
    const decision = await decideChange(scope, change, known)
    return decision.kind === 'DONE' ? decision.result : carryOut(scope, decision.write, progress, lock)
  })
}

/** Sends a write that has been decided on, if the lock still allows it. */
async function carryOut(
  scope: ChangeScope,
  write: DecidedWrite,
  progress: ChangeProgress,
  lock: HeldLock,
): Promise<Result<UserChange>> {
  const { policy, events } = scope.parts
  const { user, before, effects } = write
  const mustBeShared = needsSharedLock(policy.sharedLockFor, effects)
  const hasLostShare = () => mustBeShared && !lock.isShared()
  const refuseUnshared = () => {
    events.emit('unsharedLock', { outcome: 'REFUSED' })
    return lockNotShared()
  }
  if (hasLostShare()) return refuseUnshared()
  const allowed = effects.length > 0 ? await scope.limits.countWeakening() : null
  if (allowed?.ok === false) return allowed
  const needed = mustBeShared ? whileShared(lock) : lock
  if (!(await needed.confirm())) return hasLostShare() ? refuseUnshared() : lockNotHad()
  const railsPassed = lock.isShared() ? write.railsPassed : [...write.railsPassed, LOCK_NOT_SHARED]
  const written = await writeOnRecord(scope, { ...write, railsPassed }, needed)
  progress.isOnRecord = true
  // The user may have another name or phone now, and what was found before must not be shown for it.
  if (mayChangeAccount(write)) scope.foundUsers.delete(user.userId)
  if (!written.ok) return isNotSent(written.failure) && hasLostShare() ? refuseUnshared() : written
  const { state: after, verified, changeId } = written.value
  const isLockShared = await lock.release()
  if (!isLockShared) events.emit('unsharedLock', { outcome: 'MADE' })
  return succeed({
    kind: 'MADE',
    user,
    before,
    after,
    effects,
    isChange: true,
    applied: true,
    changeId,
    verified,
    isLockShared,
  })
}

function mayChangeAccount({ before, after }: DecidedWrite): boolean {
  return before === null || MFA_DISPLAY_FIELDS.some(field => !isSameDisplay(before, after, field))
}
