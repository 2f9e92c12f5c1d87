import { fail, type Result, refusedInput } from '../mfa/failure.ts'
import type { MfaForCaller } from '../mfa/mfa-service.ts'
import { findReasonFault } from '../mfa/reason-fault.ts'
import type { SelectedParts, SetUserMfaStatus, UserChange } from '../mfa/user-change.ts'
import type { Changes } from './changes.ts'
import { judgeRevert } from './judge-revert.ts'

/** The change to take back, as a caller asks for it. Paths of faults are relative to this. */
export interface RevertChange extends Pick<SetUserMfaStatus, 'dryRun' | 'allowNoFactor' | 'reason'> {
  readonly changeId: string
}

/** The parts that an undo uses. */
export interface RevertParts {
  readonly changes: Pick<Changes, 'find' | 'isBehind'>
  readonly mfa: Pick<MfaForCaller, 'revertUserMfa'>
}

/** No id of a change is written otherwise. A store would take some texts for a fault of its own. */
const CHANGE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Takes back a change that this server made. It is a change of its own, which can be taken back, too. A change that is
 * not known, or that cannot be taken back truly, costs no call to GenAuth.
 *
 * @throws JournalUnavailableError before anything is sent
 * @throws StoreUnavailableError before anything is sent
 */
export async function revertChange(
  { changes, mfa }: RevertParts,
  { changeId, ...wanted }: RevertChange,
  selected: SelectedParts,
): Promise<Result<UserChange>> {
  const fault = wanted.reason === null ? null : findReasonFault(wanted.reason)
  if (fault !== null) return fail(refusedInput([{ path: ['reason'], message: fault }]))
  if (!CHANGE_ID.test(changeId)) return notFound(false)
  const change = await changes.find(changeId)
  if (change === null) return notFound(changes.isBehind())
  const judged = judgeRevert(change)
  switch (judged.kind) {
    case 'NOT_REVERTIBLE':
      return fail({ kind: 'NOT_REVERTIBLE', upstream: null, why: judged.why, retryable: judged.isInDoubt })
    case 'REVERTIBLE':
      return mfa.revertUserMfa({ ...wanted, genauthId: judged.genauthId, made: judged.made }, selected)
  }
}

/** @param isBehind `true` if the change may be on its way to the index */
function notFound(isBehind: boolean): Result<never> {
  return fail({ kind: 'CHANGE_NOT_FOUND', upstream: null, retryable: isBehind })
}
