import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import type { PoolPayload } from './pool-change.tsx'
import { PoolFactors } from './pool-factors.tsx'

export interface PoolFailureProps {
  readonly failure: (PoolPayload & MfaFailure) | RequestFailure
  /** `true` if a change was sent, and its request has no result. */
  readonly isChange: boolean
  /** `true` if the person has just come back from a sign-in for this. */
  readonly isBackFromSignIn: boolean
  /** Keeps the change over a sign-in. */
  readonly onKeep: () => void
  readonly onAgain: (isInDoubt: boolean) => void
}

/** Why there is no change, or that nobody can say, and what was read last. */
export function PoolFailure({ failure, isChange, isBackFromSignIn, onKeep, onAgain }: PoolFailureProps) {
  const { policy: texts, changes } = useScreenTexts()
  const session = useSession()
  if (!('__typename' in failure)) {
    const isInDoubt = isChange && failure.isExecuted === 'UNKNOWN'
    return (
      <RequestFailureNote
        failure={failure}
        isChange={isChange}
        onAgain={() => onAgain(isInDoubt)}
        onLeave={onKeep}
      />
    )
  }
  if (!isMfaFailure(failure)) return null
  const isStepUp = failure.__typename === 'MfaStepUpRequiredError'
  const read =
    failure.__typename === 'MfaPoolPolicyConflictError'
      ? { title: texts.present, policy: failure.current }
      : failure.__typename === 'MfaPolicyUnavailableError' ||
          failure.__typename === 'MfaOperationRefusedError'
        ? { title: texts.lastRead, policy: failure.observed }
        : null
  return (
    <>
      <MfaFailureNote
        failure={failure}
        onAgain={() => onAgain('outcome' in failure && failure.outcome === 'UNKNOWN')}
        {...(failure.__typename === 'MfaStepUpRequiredError' &&
          !isBackFromSignIn && {
            onStepUp: () => {
              onKeep()
              const { maxAgeS, acrValues } = failure
              void session.signInAgain({ maxAgeS, acrValues })
            },
          })}
      />
      {isStepUp && isBackFromSignIn && <p>{changes.stepUpAgain}</p>}
      {read !== null && read.policy !== null && (
        <>
          <h3>{read.title}</h3>
          <PoolFactors policy={read.policy} />
        </>
      )}
    </>
  )
}
