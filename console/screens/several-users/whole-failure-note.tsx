import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import type { WholeFailure } from './use-several-change.ts'

export interface WholeFailureNoteProps {
  readonly failure: WholeFailure | null
  readonly onAgain: () => void
}

/** Tells a request that has no result for anybody. In doubt, each person has a result that says so. */
export function WholeFailureNote({ failure, onAgain }: WholeFailureNoteProps) {
  if (failure === null) return null
  if (failure.kind === 'MFA') return <MfaFailureNote failure={failure.failure} onAgain={onAgain} />
  const isInDoubt = failure.isChange && failure.failure.isExecuted === 'UNKNOWN'
  return (
    <RequestFailureNote
      failure={failure.failure}
      isChange={failure.isChange}
      {...(!isInDoubt && { onAgain })}
    />
  )
}
