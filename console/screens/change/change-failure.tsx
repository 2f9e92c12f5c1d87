import { tellMfaFailure } from '../../api/tell-failure.ts'
import { FailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { FactorsTable } from '../user/factors-table.tsx'
import type { Refusal, Step } from './use-change.ts'

export interface ChangeFailureProps {
  readonly step: Extract<Step, { kind: 'REFUSED' | 'NO_RESULT' }>
  /** `true` if the person has just signed in again for this change. */
  readonly isBack: boolean
  /** Sends the same again, as a preview or to be made. */
  readonly onAgain: () => void
  /** Reads the person again, and leaves the change. */
  readonly onLookAgain: () => void
  readonly onStepUp: (demand: Extract<Refusal, { __typename: 'MfaStepUpRequiredError' }>) => void
}

/** Tells why a change was not made or shown, or that it is in doubt. */
export function ChangeFailure({ step, isBack, onAgain, onLookAgain, onStepUp }: ChangeFailureProps) {
  const { change, changes, failures } = useScreenTexts()
  if (step.kind === 'NO_RESULT') {
    const { failure, isApplied } = step
    const isInDoubt = isApplied && failure.isExecuted === 'UNKNOWN'
    return (
      <RequestFailureNote
        failure={failure}
        isChange={isApplied}
        onAgain={isInDoubt ? onLookAgain : onAgain}
      />
    )
  }
  const { refusal } = step
  const told = tellMfaFailure(refusal, failures)
  if (refusal.__typename === 'MfaRevisionConflictError') {
    return (
      <>
        <FailureNote told={told} />
        <FactorsTable caption={change.conflictNow} factors={refusal.current.factors} />
        <p>{change.conflictHelp}</p>
      </>
    )
  }
  const isStepUp = refusal.__typename === 'MfaStepUpRequiredError'
  return (
    <>
      <FailureNote
        told={told}
        onAgain={told.action === 'LOOK_AGAIN' ? onLookAgain : onAgain}
        {...(isStepUp && { onStepUp: () => onStepUp(refusal) })}
      />
      {isStepUp && isBack && <p class="note warning">{changes.stepUpAgain}</p>}
      {refusal.__typename === 'MfaUpstreamUnavailableError' && refusal.observed !== null && (
        <FactorsTable caption={change.observed} factors={refusal.observed.factors} />
      )}
    </>
  )
}
