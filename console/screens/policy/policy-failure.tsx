import { isInDoubt, type MfaFailure } from '../../api/tell-failure.ts'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import type { PolicyStep } from './use-policy-change.ts'

export interface PolicyFailureProps {
  readonly step: Extract<PolicyStep<MfaFailure>, { kind: 'REFUSED' | 'NO_RESULT' }>
  /** `true` if the person has just come back from a sign-in for this. */
  readonly isBackFromSignIn: boolean
  /** Previews again. */
  readonly onAgain: () => void
  /** Reads again what a change in doubt may have changed. Leave it out if GenAuth has no call for that. */
  readonly onLookAgain?: () => void
}

/** Tells why a change was not made or shown, or that it is in doubt. */
export function PolicyFailure({ step, isBackFromSignIn, onAgain, onLookAgain }: PolicyFailureProps) {
  const { policy: texts, changes } = useScreenTexts()
  const session = useSession()
  const isUnknown =
    step.kind === 'REFUSED' ? isInDoubt(step.failure) : step.isChange && step.failure.isExecuted === 'UNKNOWN'
  const again = isUnknown ? onLookAgain : onAgain
  const actions = again === undefined ? {} : { onAgain: again }
  const isStepUp = step.kind === 'REFUSED' && step.failure.__typename === 'MfaStepUpRequiredError'
  return (
    <>
      {step.kind === 'NO_RESULT' ? (
        <RequestFailureNote failure={step.failure} isChange={step.isChange} {...actions} />
      ) : (
        <MfaFailureNote
          failure={step.failure}
          {...actions}
          {...(!isBackFromSignIn && {
            onStepUp: () => {
              const { maxAgeS = null, acrValues = null } = step.failure
              void session.signInAgain({ maxAgeS, acrValues })
            },
          })}
        />
      )}
      {isUnknown && onLookAgain === undefined && <p>{texts.inDoubtHelp}</p>}
      {isStepUp && isBackFromSignIn && <p>{changes.stepUpAgain}</p>}
    </>
  )
}
