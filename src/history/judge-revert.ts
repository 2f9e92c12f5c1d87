import type { NotRevertibleReason } from '../mfa/not-revertible-reason.ts'
import type { MadeBefore } from '../mfa/user-change.ts'
import type { Change } from './change.ts'

/** Whether a change can be taken back, as far as its records tell. GenAuth may hold another state by now. */
export type Revertibility =
  | { readonly kind: 'REVERTIBLE'; readonly genauthId: string; readonly made: MadeBefore }
  | {
      readonly kind: 'NOT_REVERTIBLE'
      readonly why: NotRevertibleReason
      /** `true` while it may still be found out that the change was made. */
      readonly isInDoubt: boolean
    }

type JudgedChange = Pick<
  Change,
  | 'id'
  | 'userId'
  | 'outcome'
  | 'followUp'
  | 'factorsBefore'
  | 'changedFields'
  | 'revisionBefore'
  | 'revisionIntended'
>

/**
 * Judges whether a change can be taken back truly: it was made, the factors before it are known, and it changed
 * factors alone. A change in doubt counts as made once a later look has found its state. The undo demands that state
 * again.
 */
export function judgeRevert(change: JudgedChange): Revertibility {
  const { id, userId, factorsBefore, revisionBefore, revisionIntended, changedFields } = change
  const doubt = findDoubt(change)
  if (doubt !== null) return doubt
  if (userId === null || factorsBefore === null || revisionBefore === null) {
    return refuse('STATE_BEFORE_UNKNOWN')
  }
  if (changedFields.length > 0) return refuse('CONTACTS_CHANGED')
  const made = { changeId: id, factorsBefore, revisionBefore, revisionIntended }
  return { kind: 'REVERTIBLE', genauthId: userId, made }
}

/** Returns `null` if the change was made. */
function findDoubt({ outcome, followUp }: JudgedChange): Revertibility | null {
  switch (outcome) {
    case 'APPLIED':
      return null
    case 'NOT_APPLIED':
      return refuse('NOT_APPLIED')
    case 'UNKNOWN':
      return followUp === 'INTENDED' ? null : refuse('OUTCOME_UNKNOWN', followUp === null)
    case null:
      return refuse('OUTCOME_UNKNOWN', true)
  }
}

function refuse(why: NotRevertibleReason, isInDoubt = false): Revertibility {
  return { kind: 'NOT_REVERTIBLE', why, isInDoubt }
}
