import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import type { ApplicationPayload } from './application-change.tsx'

export interface ApplicationFailureProps {
  readonly failure: (ApplicationPayload & MfaFailure) | RequestFailure
  /** `true` if a change was sent, and its request has no result. */
  readonly isChange: boolean
  /** `true` if the person has just come back from a sign-in for this. */
  readonly isBackFromSignIn: boolean
  /** Keeps the change over a sign-in. */
  readonly onKeep: () => void
  readonly onAgain: () => void
}

/** Why there is no change. One in doubt stays so, because nobody can look. */
export function ApplicationFailure(props: ApplicationFailureProps) {
  const { failure, isChange, isBackFromSignIn, onKeep, onAgain } = props
  const { policy: texts, changes } = useScreenTexts()
  const session = useSession()
  if (!('__typename' in failure)) {
    const isInDoubt = isChange && failure.isExecuted === 'UNKNOWN'
    return (
      <>
        <RequestFailureNote
          failure={failure}
          isChange={isChange}
          onLeave={onKeep}
          {...(!isInDoubt && { onAgain })}
        />
        {isInDoubt && <p>{texts.inDoubtHelp}</p>}
      </>
    )
  }
  if (!isMfaFailure(failure)) return null
  const isInDoubt = 'outcome' in failure && failure.outcome === 'UNKNOWN'
  const isStepUp = failure.__typename === 'MfaStepUpRequiredError'
  return (
    <>
      <MfaFailureNote
        failure={failure}
        {...(!isInDoubt && { onAgain })}
        {...(failure.__typename === 'MfaStepUpRequiredError' &&
          !isBackFromSignIn && {
            onStepUp: () => {
              onKeep()
              const { maxAgeS, acrValues } = failure
              void session.signInAgain({ maxAgeS, acrValues })
            },
          })}
      />
      {isInDoubt && <p>{texts.inDoubtHelp}</p>}
      {isStepUp && isBackFromSignIn && <p>{changes.stepUpAgain}</p>}
    </>
  )
}
