import type { ChangeScope } from './caller-scope.ts'
import { checkGuardRails, needsStateBefore, toGuardRail } from './check-guard-rails.ts'
import { isSameState } from './diff.ts'
import { fail, type Result, refusedInput, succeed } from './failure.ts'
import { type FactorChange, mergeMfaState, toFactorChange } from './merge.ts'
import { EMPTY_MFA_STATE, type MfaState, type StoredMfa } from './mfa-state.ts'
import type { NotRevertibleReason } from './not-revertible-reason.ts'
import { asksForProtection, findProtection } from './protected-users.ts'
import type { MadeBefore, ResolvedUser, SelectedParts, SetUserMfaStatus, UserChange } from './user-change.ts'
import type { UserRef } from './user-ref.ts'
import type { DecidedWrite } from './write.ts'

/** The change of a caller without its user. One that takes another one back names no factor itself. */
export interface Wish extends Omit<SetUserMfaStatus, keyof UserRef> {
  readonly takesBack: MadeBefore | null
}

/** The change that a caller wants of a user who has been found. */
export interface WantedChange {
  readonly resolved: ResolvedUser
  readonly wanted: Wish
  readonly factors: FactorChange
  /** `true` with `mfaToken` and a whole list: the input is then the whole new state. */
  readonly isReplacement: boolean
  /** `true` if the state before is read. If that read fails, nothing is written. */
  readonly readsBefore: boolean
}

/** The result, or the write that is to be sent. */
export type Decision =
  | { readonly kind: 'DONE'; readonly result: Result<UserChange> }
  | { readonly kind: 'WRITE'; readonly write: DecidedWrite }

export function toWantedChange(
  { policy, protectedUsers }: Pick<ChangeScope['parts'], 'policy' | 'protectedUsers'>,
  resolved: ResolvedUser,
  wanted: Wish,
  selected: SelectedParts,
): WantedChange {
  const { takesBack } = wanted
  const factors: FactorChange =
    takesBack === null ? toFactorChange(wanted) : { kind: 'RESTORE', factors: takesBack.factorsBefore }
  const isReplacement = wanted.triggerData.mfaToken != null && factors.kind === 'LIST'
  const { expectedRevision, dryRun } = wanted
  const readsBefore =
    !isReplacement ||
    expectedRevision !== null ||
    dryRun ||
    selected.before ||
    needsStateBefore(policy) ||
    protectedUsers.mayProtect(resolved.genauthId)
  return { resolved, wanted, factors, isReplacement, readsBefore }
}

/**
 * Decides about a change, in this order: the expected revision, the guard rails, whether anything changes, the token,
 * the dry run. A refusal comes before anything is compared, so that it does not depend on whether a guess was right.
 * An undo that would not make the very state of before is refused before the guard rails.
 *
 * @param known `null` if the state before was not read
 */
export async function decideChange(
  { parts, context }: Pick<ChangeScope, 'parts' | 'context'>,
  { resolved: { genauthId, given }, wanted, factors, isReplacement }: WantedChange,
  known: StoredMfa | null,
): Promise<Decision> {
  const { policy, clock, events } = parts
  const { takesBack, dryRun, allowNoFactor, reason, triggerData: fields } = wanted
  const user: UserRef = { userId: genauthId, userIdType: 'USER_ID' }
  const before = known?.state ?? null
  if (before !== null && !isExpected(parts, wanted, genauthId, before)) {
    const current = { user, state: before }
    return done(fail({ kind: 'REVISION_CONFLICT', upstream: null, current, isOfUndo: takesBack !== null }))
  }
  const after = mergeMfaState((isReplacement ? null : before) ?? EMPTY_MFA_STATE, fields, factors)
  if (takesBack !== null && !parts.isRecordedRevisionOf(takesBack.revisionBefore, genauthId, after)) {
    return done(notRevertible('CONTACTS_CHANGED'))
  }
  const planned = { genauthId, before, fields, change: factors, after, allowNoFactor, reason }
  const protection = asksForProtection(parts.protectedUsers, planned)
    ? await findProtection(parts.protectedUsers, genauthId, context.deadline)
    : succeed('NOT_ASKED' as const)
  if (!protection.ok) return done(protection)
  const judged = { ...planned, protection: protection.value }
  const verdict = checkGuardRails(policy, context.caller, judged, clock.now())
  if ('refusal' in verdict) {
    events.emit('guardRailRefused', { guardRail: toGuardRail(verdict.refusal) })
    return done(fail(verdict.refusal))
  }
  const { effects, passed } = verdict
  const preview = (state: MfaState, isChange: boolean) =>
    done(
      succeed({
        kind: 'PREVIEWED',
        user,
        before: state,
        after: isChange ? after : state,
        effects,
        isChange,
        expectedRevision: parts.toRevision(genauthId, state),
      }),
    )
  if (before !== null && isSameState(before, after)) {
    if (dryRun) return preview(before, false)
    const facts = { user, before, after: before, effects, isChange: false }
    return done(
      succeed({ kind: 'MADE', ...facts, applied: false, changeId: null, verified: true, isLockShared: true }),
    )
  }
  const mfaToken = fields.mfaToken ?? known?.mfaToken ?? null
  if (mfaToken === null)
    return done(takesBack === null ? refuseMissingToken() : notRevertible('NO_MFA_TOKEN'))
  if (dryRun && before !== null) return preview(before, true)
  const revertOf = takesBack?.changeId ?? null
  const write = { given, user, before, after, mfaToken, reason, revertOf, effects, railsPassed: passed }
  return { kind: 'WRITE', write }
}

/** An undo expects the state that its change made. The record of that change names the user itself. */
function isExpected(
  { isRevisionOf, isRecordedRevisionOf }: Pick<ChangeScope['parts'], 'isRevisionOf' | 'isRecordedRevisionOf'>,
  { takesBack, expectedRevision }: Wish,
  genauthId: string,
  state: MfaState,
): boolean {
  if (takesBack !== null) return isRecordedRevisionOf(takesBack.revisionIntended, genauthId, state)
  return expectedRevision === null || isRevisionOf(expectedRevision, genauthId, state)
}

function done(result: Result<UserChange>): Decision {
  return { kind: 'DONE', result }
}

function notRevertible(why: NotRevertibleReason): Result<never> {
  return fail({ kind: 'NOT_REVERTIBLE', upstream: null, why, retryable: false })
}

function refuseMissingToken(): Result<never> {
  const message = 'GenAuth holds no mfaToken for this user; give one.'
  return fail(refusedInput([{ path: ['triggerData', 'mfaToken'], message }]))
}
